-- Ends the links of one kind that this account was sent and has not used.
CREATE OR REPLACE FUNCTION close_letters(p_kind text, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE letters SET used_at = p_now, next_attempt_at = NULL
    WHERE kind = p_kind AND used_at IS NULL AND email = (SELECT u.email FROM users u WHERE u.id = current_account());
    UPDATE letters SET used_at = p_now, next_attempt_at = NULL
    WHERE kind = 'email' AND p_kind = 'email' AND used_at IS NULL AND details ->> 'account' = current_account()::text;
$$;
