-- Who belongs to this transaction's salon. Of their accounts it shows the email, and nothing else.
CREATE OR REPLACE FUNCTION members_of_salon()
RETURNS TABLE (user_id uuid, email text, role text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT m.user_id, u.email, m.role, m.created_at FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.tenant_id = current_tenant() ORDER BY u.email
$$;
