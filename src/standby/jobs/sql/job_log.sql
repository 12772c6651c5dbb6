-- What was noted of a job, oldest first.
SELECT created AS at, entrypoint AS job, status::text, traceback FROM pgqueuer_log WHERE job_id = $1 ORDER BY created, id LIMIT 100
