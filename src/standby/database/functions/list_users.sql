-- Everybody who has an account, and what they may do in which salon; for the operator's command line.
CREATE OR REPLACE FUNCTION list_users()
RETURNS TABLE (email text, is_operator boolean, second_factor boolean, has_password boolean, salons text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT u.email, u.is_operator, u.totp_since IS NOT NULL, u.password_hash IS NOT NULL,
           coalesce((SELECT string_agg(t.slug || ': ' || m.role, ', ' ORDER BY t.slug)
                     FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = u.id), '')
    FROM users u ORDER BY u.email
$$;
