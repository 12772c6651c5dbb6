-- Notes, beside the migrations that pogo notes, which functions are installed now.
INSERT INTO public._pogo_migration (migration_hash, migration_id, schema_name, applied)
VALUES ($1, 'functions', 'standby functions', clock_timestamp())
ON CONFLICT (migration_hash, schema_name) DO UPDATE SET applied = excluded.applied;
