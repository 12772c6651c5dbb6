-- Adds a job for a tenant. For the functions of this folder only: nobody else may name a tenant.
-- p_once: not while a job of that name waits or runs; for looks that come round by themselves, never for the job that
-- follows from a change (one that runs already may not have seen the change).
CREATE OR REPLACE FUNCTION enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer,
                                       p_once text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    IF p_tenant IS NULL OR p_id IS NULL THEN
        RAISE EXCEPTION 'a % job needs a tenant and an id', p_entrypoint;
    END IF;
    INSERT INTO pgqueuer (priority, entrypoint, payload, status, dedupe_key)
    VALUES (p_priority, p_entrypoint,
            convert_to(format('{"tenant": "%s", "id": "%s"}', p_tenant, p_id), 'UTF8'), 'queued', p_once)
    ON CONFLICT DO NOTHING;
END $$;
