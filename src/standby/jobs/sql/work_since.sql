-- What was done since $1, by queue, timer and minute.
SELECT what, minute, completed, failed, retried, run_seconds, run_counts, wait_seconds, wait_counts
FROM work_minutes WHERE minute >= $1 ORDER BY what, minute
