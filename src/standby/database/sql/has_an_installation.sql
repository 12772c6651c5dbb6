-- Whether somebody has migrated this database.
SELECT to_regnamespace('standby') IS NOT NULL OR to_regclass('public._pogo_migration') IS NOT NULL
