-- When the first reminder after p_after is due, by a rule and the salon's quiet hours, of an appointment that was booked or
-- moved at p_since; NULL: none is. bookings/reminders.py says the same in Python; a property test compares them.
-- Of every_2_hours three times are enough to look at, however many there are: the last that has passed (its quiet hours
-- may last still), the next, and the last of all (the only one that quiet hours may bring forward).
CREATE OR REPLACE FUNCTION next_reminder(
    p_rule text, p_since timestamptz, p_starts_at timestamptz, p_timezone text, p_from_minute integer,
    p_until_minute integer, p_after timestamptz)
RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = standby, pg_temp
AS $$
DECLARE
    v_after timestamptz := greatest(p_after, p_since);
    v_times timestamptz[];
    v_passed bigint := floor(extract(epoch FROM v_after - p_since) / 7200);
    v_in_all bigint := ceil(extract(epoch FROM p_starts_at - p_since) / 7200) - 1;
    v_at timestamptz;
    v_night record;
    v_next timestamptz;
BEGIN
    IF p_rule = 'none' OR v_after >= p_starts_at THEN
        RETURN NULL;
    END IF;
    IF p_rule = 'every_2_hours' THEN
        SELECT array_agg(p_since + k * interval '2 hours') INTO v_times
        FROM unnest(ARRAY[v_passed, v_passed + 1, v_in_all]) AS k WHERE k BETWEEN 1 AND v_in_all;
    ELSE
        SELECT array_agg(p_starts_at - make_interval(mins => minutes)) INTO v_times
        FROM unnest(CASE p_rule WHEN '24h_and_2h' THEN ARRAY[1440, 120] ELSE string_to_array(p_rule, ',')::integer[] END)
             AS minutes
        WHERE p_starts_at - make_interval(mins => minutes) > p_since;
    END IF;
    FOREACH v_at IN ARRAY coalesce(v_times, '{}') LOOP
        IF p_from_minute <> p_until_minute THEN
            SELECT begins_at, ends_at INTO v_night FROM quiet_hours(p_timezone, p_from_minute, p_until_minute, v_at);
            IF v_night.ends_at < p_starts_at THEN
                v_at := v_night.ends_at;
            ELSIF v_night.ends_at IS NOT NULL THEN
                v_at := v_night.begins_at - interval '15 minutes';
                v_at := coalesce(quiet_until(p_timezone, p_from_minute, p_until_minute, v_at), v_at);
                CONTINUE WHEN v_at >= v_night.begins_at;
            END IF;
        END IF;
        IF v_at > v_after THEN
            v_next := least(v_next, v_at);
        END IF;
    END LOOP;
    RETURN v_next;
END $$;
