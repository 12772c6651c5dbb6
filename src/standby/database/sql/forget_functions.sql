-- All functions count as missing again.
DELETE FROM public._pogo_migration WHERE schema_name = 'standby functions'
