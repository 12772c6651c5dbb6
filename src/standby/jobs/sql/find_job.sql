-- A job that is still there.
SELECT id, entrypoint AS job, status::text, attempts, priority, created, updated, execute_after, heartbeat, payload, headers,
       queue_manager_id, execute_after > now() AS put_off
FROM pgqueuer WHERE id = $1
