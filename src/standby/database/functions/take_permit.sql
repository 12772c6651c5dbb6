-- Lets a write go on if none of its lines (p_keys) is used up, and then takes a place in each: p_at_once may come at once,
-- then one every p_every (generic cell rate algorithm). Else takes nothing, and says how long to wait; zero: go on.
-- Lines are locked in one order. Who is refused is not punished: the wait doesn't grow by asking.
CREATE OR REPLACE FUNCTION take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamptz)
RETURNS interval
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
    v_tat timestamptz;
    v_wait interval := interval '0';
BEGIN
    FOR v IN SELECT * FROM unnest(p_keys, p_every, p_at_once) AS line (key, every, at_once) ORDER BY line.key LOOP
        INSERT INTO public_limits AS l (key, tat) VALUES (v.key, p_now)
        ON CONFLICT (key) DO UPDATE SET tat = l.tat
        RETURNING tat INTO v_tat;
        v_wait := greatest(v_wait, greatest(v_tat, p_now) + v.every * (1 - v.at_once) - p_now);
    END LOOP;
    IF v_wait = interval '0' THEN
        UPDATE public_limits l SET tat = greatest(l.tat, p_now) + line.every
        FROM unnest(p_keys, p_every) AS line (key, every) WHERE l.key = line.key;
    END IF;
    RETURN v_wait;
END $$;
