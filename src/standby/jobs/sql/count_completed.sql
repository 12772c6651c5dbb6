-- How many completed jobs of each kind are kept.
SELECT entrypoint AS job, count(*) AS completed FROM pgqueuer_log WHERE status = 'successful' GROUP BY entrypoint
