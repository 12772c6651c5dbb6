-- Queues failed jobs of some kinds ($1) anew, with all their attempts: those of $2, or all (NULL). One that isn't failed any
-- more is left alone.
WITH again AS (
    UPDATE pgqueuer SET status = 'queued', execute_after = now(), updated = now(), attempts = 0, queue_manager_id = NULL
    WHERE status = 'failed' AND entrypoint = ANY ($1::text[]) AND ($2::bigint[] IS NULL OR id = ANY ($2))
    RETURNING id, entrypoint, priority
), noted AS (
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', entrypoint, priority FROM again
)
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM again
