-- Wakes the deadline loops when a deadline may lie nearer than their next poll (STANDBY_POLL_SECONDS, at most 2 s);
-- later ones they find by themselves.
CREATE OR REPLACE FUNCTION announce_deadline(p_at timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
BEGIN
    IF p_at < p_now + interval '2 seconds' THEN
        PERFORM pg_notify('standby_deadline', '');
    END IF;
END $$;
