-- How many jobs of each kind are in which state: waiting, delayed (for a retry), active or failed.
SELECT entrypoint AS job,
       count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()) AS waiting,
       count(*) FILTER (WHERE status = 'queued' AND execute_after > now()) AS delayed,
       count(*) FILTER (WHERE status = 'picked') AS active,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       extract(epoch FROM now() - min(execute_after) FILTER (WHERE status = 'queued' AND execute_after <= now()))
           ::double precision AS oldest_seconds
FROM pgqueuer GROUP BY entrypoint
