-- Whether these functions are installed, or were until newer ones took their place.
SELECT EXISTS (
    SELECT FROM public._pogo_migration WHERE schema_name = 'standby functions' AND migration_hash = $1
);
