-- Notes something that the salon has to know. Of what has one p_key it is told once.
CREATE OR REPLACE FUNCTION tell_salon(p_tenant uuid, p_kind text, p_key text, p_details jsonb, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO notices (tenant_id, id, kind, details, dedupe_key, at)
    VALUES (p_tenant, gen_random_uuid(), p_kind, p_details, p_key, p_now)
    ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
$$;
