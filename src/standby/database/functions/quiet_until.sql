-- The end of the quiet hours that p_now lies in, by the salon's clock; NULL: it lies in none.
CREATE OR REPLACE FUNCTION quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = standby, pg_temp
AS $$
    SELECT ends_at FROM quiet_hours(p_timezone, p_from_minute, p_until_minute, p_now)
$$;
