-- $3 pending offers, sent a moment ago, the n-th to entry n; $4 of them to a slot (more than one: a batch). They end in
-- $5. Reminders are still to come, unless $6.
INSERT INTO offers (tenant_id, id, slot_id, entry_id, customer_id, status, exclusive, score, breakdown, window_seconds,
                    reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, sent_at, expires_at, remind_at,
                    reason, actor, changed_at)
SELECT pg_temp.bench_id(1, ((n - 1) % $1::bigint) / $2::bigint + 1), pg_temp.bench_id(8, n),
       pg_temp.bench_id(5, (n - 1) / $4::bigint + 1), pg_temp.bench_id(7, n), pg_temp.bench_id(4, n), 'pending',
       $4 = 1, 45, '{"base": 20, "service": 15, "window": 10}', 900, 600, 3600, 3, now() - interval '1 second', now(),
       now() + $5::interval, CASE WHEN NOT $6 THEN now() + $5 - interval '10 min' END,
       'offered', 'loading', now()
FROM generate_series(1, $3::bigint) n
