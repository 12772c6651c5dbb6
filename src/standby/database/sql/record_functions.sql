-- Notes, beside the migrations that pogo notes, which functions are installed now. When these were installed before,
-- somebody went back to them: those of since then are forgotten, so that they count as missing again.
WITH forgotten AS (
    DELETE FROM public._pogo_migration
    WHERE schema_name = 'standby functions'
      AND applied > (SELECT applied FROM public._pogo_migration
                     WHERE schema_name = 'standby functions' AND migration_hash = $1)
)
INSERT INTO public._pogo_migration (migration_hash, migration_id, schema_name, applied)
VALUES ($1, 'functions', 'standby functions', clock_timestamp())
ON CONFLICT (migration_hash, schema_name) DO UPDATE SET applied = excluded.applied;
