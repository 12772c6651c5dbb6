-- The end of the quiet hours that p_now lies in, by the salon's clock; NULL: it lies in none. The same minute twice: there
-- are none. A time that the clock shows twice (AT TIME ZONE) is its last; one that it skips is as if it had not been
-- moved. waitlist/policy.py says the same in Python; a property test compares them.
CREATE OR REPLACE FUNCTION quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = standby, pg_temp
AS $$
DECLARE
    v_today date := (p_now AT TIME ZONE p_timezone)::date;
    v_ends_at timestamptz;
BEGIN
    IF p_from_minute = p_until_minute THEN
        RETURN NULL;
    END IF;
    FOR v_day IN -1..0 LOOP  -- Those that began yesterday may last until today.
        v_ends_at := (v_today + v_day + (p_until_minute < p_from_minute)::integer
                      + make_interval(mins => p_until_minute)) AT TIME ZONE p_timezone;
        IF p_now < v_ends_at
           AND p_now >= (v_today + v_day + make_interval(mins => p_from_minute)) AT TIME ZONE p_timezone THEN
            RETURN v_ends_at;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
