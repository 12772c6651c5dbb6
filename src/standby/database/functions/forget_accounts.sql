-- Forgets sessions that have ended, attempts of the day before, and letters and invitations that were good a month ago.
CREATE OR REPLACE FUNCTION forget_accounts(p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    DELETE FROM sessions WHERE ends_at < p_now OR seen_at + idle < p_now;
    DELETE FROM attempts WHERE last_at < p_now - interval '1 day';
    DELETE FROM letters WHERE created_at < p_now - interval '30 days' AND coalesce(ends_at, created_at) < p_now;
    DELETE FROM invitations WHERE ends_at < p_now - interval '30 days';
$$;
