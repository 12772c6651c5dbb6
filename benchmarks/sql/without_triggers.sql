-- Millions of rows load in a fraction of the time without foreign keys and history; only a superuser may say so.
RESET ROLE;
SET session_replication_role = replica;
