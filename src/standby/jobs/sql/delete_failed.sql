-- Deletes failed jobs of some kinds ($1): those of $2, or all (NULL). One that isn't failed any more is left alone.
WITH gone AS (
    DELETE FROM pgqueuer
    WHERE status = 'failed' AND entrypoint = ANY ($1::text[]) AND ($2::bigint[] IS NULL OR id = ANY ($2))
    RETURNING id, entrypoint, priority
), noted AS (
    INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'deleted', entrypoint, priority FROM gone
)
SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM gone
