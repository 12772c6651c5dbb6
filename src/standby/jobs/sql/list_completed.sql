-- A page of the completed jobs of some kinds ($1) that are kept, newest first, after line $2 of the log.
SELECT l.id AS place, l.job_id AS id, l.entrypoint AS job, l.priority, l.created AS ended,
       extract(epoch FROM l.created - (SELECT begun.created FROM pgqueuer_log begun
                                       WHERE begun.job_id = l.job_id AND begun.status = 'picked'
                                       ORDER BY begun.created DESC LIMIT 1))::double precision AS seconds
FROM pgqueuer_log l
WHERE l.status = 'successful' AND l.entrypoint = ANY ($1::text[]) AND ($2::bigint IS NULL OR l.id < $2)
ORDER BY l.id DESC LIMIT $3
