-- The first $1 entries are notified.
UPDATE waitlist_entries SET status = 'notified', reason = 'offered', actor = 'loading', changed_at = now()
WHERE status = 'waiting' AND id <= pg_temp.bench_id(7, $1::bigint)
