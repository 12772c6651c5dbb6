-- Adds a job for the tenant's transaction that calls it: both commit together or neither does.
-- The one place that knows PgQueuer's table. The tenant can't be forged: it is the transaction's own.
CREATE OR REPLACE FUNCTION enqueue(p_entrypoint text, p_id uuid, p_priority integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    PERFORM enqueue_for(current_tenant(), p_entrypoint, p_id, p_priority);
END $$;
