-- Makes somebody an operator of the installation, or one no more; whoever they are signed in as ends with it.
-- False: there is no such account.
CREATE OR REPLACE FUNCTION set_operator(p_email text, p_is boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_user uuid;
BEGIN
    UPDATE users SET is_operator = p_is WHERE lower(email) = lower(p_email) RETURNING id INTO v_user;
    DELETE FROM sessions WHERE user_id = v_user;
    RETURN v_user IS NOT NULL;
END $$;
