-- When the next message of a line (p_key) may go out: now, or later if its rate is used up (generic cell rate algorithm).
-- p_at_once may go at once, then one every p_every. Each call takes its place in the line for good.
CREATE OR REPLACE FUNCTION grant_send(p_tenant uuid, p_key text, p_every interval, p_at_once integer, p_now timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_granted_at timestamptz;
BEGIN
    INSERT INTO rate_limits AS r (tenant_id, key, tat)
    VALUES (p_tenant, p_key, p_now + p_every)
    ON CONFLICT (tenant_id, key)
    DO UPDATE SET tat = greatest(r.tat, p_now) + p_every
    RETURNING greatest(p_now, r.tat - p_every * p_at_once) INTO v_granted_at;
    RETURN v_granted_at;
END $$;
