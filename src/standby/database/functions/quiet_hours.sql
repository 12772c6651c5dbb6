-- Begin and end of the quiet hours that p_now lies in, by the salon's clock; NULL: it lies in none. The same minute
-- twice: there are none. A time that the clock shows twice (AT TIME ZONE) is its last; one that it skips is as if it had
-- not been moved. waitlist/policy.py says the same in Python; a property test compares them.
CREATE OR REPLACE FUNCTION quiet_hours(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamptz,
                                       OUT begins_at timestamptz, OUT ends_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = standby, pg_temp
AS $$
DECLARE
    v_today date := (p_now AT TIME ZONE p_timezone)::date;
BEGIN
    IF p_from_minute = p_until_minute THEN
        RETURN;
    END IF;
    FOR v_day IN -1..0 LOOP  -- Those that began yesterday may last until today.
        begins_at := (v_today + v_day + make_interval(mins => p_from_minute)) AT TIME ZONE p_timezone;
        ends_at := (v_today + v_day + (p_until_minute < p_from_minute)::integer
                    + make_interval(mins => p_until_minute)) AT TIME ZONE p_timezone;
        IF p_now >= begins_at AND p_now < ends_at THEN
            RETURN;
        END IF;
    END LOOP;
    begins_at := NULL;
    ends_at := NULL;
END $$;
