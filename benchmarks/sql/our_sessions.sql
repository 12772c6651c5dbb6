-- The server's processes that work for Standby in this database.
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND application_name IN ('standby queue', 'standby timers', 'standby worker', 'standby app')
