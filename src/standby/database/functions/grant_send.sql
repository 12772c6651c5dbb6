-- When the salon's next message may go out: now, or later if its rate is used up (generic cell rate algorithm).
-- p_per_minute may go at once, then one every 60/p_per_minute seconds. Each call takes its place in the line for good.
CREATE OR REPLACE FUNCTION grant_send(p_tenant uuid, p_per_minute integer, p_now timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_granted_at timestamptz;
BEGIN
    INSERT INTO rate_limits AS r (tenant_id, key, tat)
    VALUES (p_tenant, 'messages', p_now + make_interval(secs => 60.0 / p_per_minute))
    ON CONFLICT (tenant_id, key)
    DO UPDATE SET tat = greatest(r.tat, p_now) + make_interval(secs => 60.0 / p_per_minute)
    RETURNING greatest(p_now, r.tat - interval '60 seconds') INTO v_granted_at;
    RETURN v_granted_at;
END $$;
