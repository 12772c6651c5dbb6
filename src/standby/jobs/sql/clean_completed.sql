-- Forgets the completed jobs of some kinds ($1) that ended before $2.
WITH gone AS (
    DELETE FROM pgqueuer_log l
    WHERE l.entrypoint = ANY ($1::text[]) AND l.created < $2
      AND NOT EXISTS (SELECT FROM pgqueuer job WHERE job.id = l.job_id)
    RETURNING l.status
)
SELECT count(*) FILTER (WHERE status = 'successful') FROM gone
