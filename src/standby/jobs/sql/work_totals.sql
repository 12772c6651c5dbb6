-- All that was ever done, by queue and timer.
SELECT what, completed, failed, retried, run_seconds, run_counts, wait_seconds, wait_counts
FROM work_minutes WHERE minute = '-infinity' ORDER BY what
