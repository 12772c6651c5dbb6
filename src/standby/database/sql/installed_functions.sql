-- The digest of the functions that were installed last; no row: none yet.
SELECT migration_hash
FROM public._pogo_migration
WHERE schema_name = 'standby functions'
ORDER BY applied DESC
LIMIT 1;
