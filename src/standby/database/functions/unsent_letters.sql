-- The mails about accounts that have not gone out since p_since: how many, and what is said of the newest.
CREATE OR REPLACE FUNCTION unsent_letters(p_since timestamptz, OUT number bigint, OUT reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT count(*), (array_agg(failure ORDER BY created_at DESC))[1]
    FROM letters WHERE failure IS NOT NULL AND created_at >= p_since
$$;
