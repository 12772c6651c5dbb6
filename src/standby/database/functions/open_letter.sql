-- A link's holder has no login: the hash of its token says which letter it came with, and (if they have an account) whose
-- account this transaction works for. No row: no such link, or it has ended or been used.
-- p_use: it is used now. It can't be twice: a rival waits for the row, and then finds it used.
CREATE OR REPLACE FUNCTION open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamptz)
RETURNS TABLE (email text, locale text, details jsonb, user_id uuid, has_password boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_letter letters;
    v_user users;
BEGIN
    SELECT * INTO v_letter FROM letters l
    WHERE l.token_hash = p_token_hash AND l.kind = p_kind AND l.used_at IS NULL AND l.ends_at > p_now;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_use THEN
        UPDATE letters l SET used_at = p_now WHERE l.id = v_letter.id AND l.used_at IS NULL;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    IF p_kind = 'email' THEN  -- It went to an address that is to become the account's.
        SELECT * INTO v_user FROM users u WHERE u.id = (v_letter.details ->> 'account')::uuid;
    ELSE
        SELECT * INTO v_user FROM users u WHERE lower(u.email) = lower(v_letter.email);
    END IF;
    PERFORM set_config('standby.account', coalesce(v_user.id::text, ''), true);
    RETURN QUERY SELECT v_letter.email, v_letter.locale, v_letter.details, v_user.id,
                        v_user.password_hash IS NOT NULL;
END $$;
