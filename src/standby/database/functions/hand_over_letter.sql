-- A link to choose a password for this transaction's account, which nobody is sent: whoever made it hands it over.
CREATE OR REPLACE FUNCTION hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamptz,
                                            p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO letters (id, kind, email, locale, details, lifetime, created_at, token_hash, ends_at)
    SELECT p_id, 'reset', u.email, p_locale, '{}', p_ends_at - p_now, p_now, p_token_hash, p_ends_at
    FROM users u WHERE u.id = current_account()
$$;
