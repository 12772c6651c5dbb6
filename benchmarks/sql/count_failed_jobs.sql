-- Jobs that were given up.
SELECT count(*) FROM pgqueuer WHERE status = 'failed'
