-- Adds a job for a tenant. For the functions of this folder only: nobody else may name a tenant.
CREATE OR REPLACE FUNCTION enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    IF p_tenant IS NULL OR p_id IS NULL THEN
        RAISE EXCEPTION 'a % job needs a tenant and an id', p_entrypoint;
    END IF;
    INSERT INTO pgqueuer (priority, entrypoint, payload, status)
    VALUES (p_priority, p_entrypoint,
            convert_to(format('{"tenant": "%s", "id": "%s"}', p_tenant, p_id), 'UTF8'), 'queued');
END $$;
