-- Adds a job for a tenant. For the functions of this folder only: nobody else may name a tenant.
-- p_once: not while a job of that name waits or runs; for looks that come round by themselves, never for the job that
-- follows from a change (one that runs already may not have seen the change).
-- The job knows where it began (origin.py): a fill there where its slot came free, the others where the transaction did.
CREATE OR REPLACE FUNCTION enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer,
                                       p_once text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_origin jsonb := nullif(current_setting('standby.origin', true), '')::jsonb;
BEGIN
    IF p_tenant IS NULL OR p_id IS NULL THEN
        RAISE EXCEPTION 'a % job needs a tenant and an id', p_entrypoint;
    END IF;
    IF p_entrypoint = 'waitlist.fill' THEN
        v_origin := coalesce((SELECT s.origin FROM slots s WHERE s.tenant_id = p_tenant AND s.id = p_id), v_origin);
    END IF;
    INSERT INTO pgqueuer (priority, entrypoint, payload, status, dedupe_key, headers)
    VALUES (p_priority, p_entrypoint,
            convert_to(format('{"tenant": "%s", "id": "%s"}', p_tenant, p_id), 'UTF8'), 'queued', p_once, v_origin)
    ON CONFLICT DO NOTHING;
END $$;
