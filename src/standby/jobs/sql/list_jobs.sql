-- A page of the jobs of some kinds ($1) in one state ($2: waiting, delayed, active or failed), newest first, after id $3.
SELECT id, entrypoint AS job, attempts, priority, created, updated, execute_after, heartbeat, payload,
       (SELECT l.traceback FROM pgqueuer_log l
        WHERE l.job_id = pgqueuer.id AND l.traceback IS NOT NULL ORDER BY l.created DESC, l.id DESC LIMIT 1) AS error
FROM pgqueuer
WHERE entrypoint = ANY ($1::text[])
  AND CASE $2 WHEN 'waiting' THEN status = 'queued' AND execute_after <= now()
              WHEN 'delayed' THEN status = 'queued' AND execute_after > now()
              WHEN 'active' THEN status = 'picked'
              ELSE status = 'failed' END
  AND ($3::bigint IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
