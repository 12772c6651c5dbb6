-- Of PgQueuer's log, which it never prunes, forgets a queue's jobs ($1: their kinds) that ended before $2, and all but the
-- newest $3. Those that are still there (waiting, running, parked) keep their lines.
DELETE FROM pgqueuer_log l
WHERE l.entrypoint = ANY ($1::text[])
  AND (l.created < $2
       OR l.id <= (SELECT last.id FROM pgqueuer_log last
                   WHERE last.status = 'successful' AND last.entrypoint = ANY ($1::text[])
                   ORDER BY last.id DESC OFFSET $3::bigint LIMIT 1))
  AND NOT EXISTS (SELECT FROM pgqueuer job WHERE job.id = l.job_id)
