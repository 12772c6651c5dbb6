-- The salons that this transaction's account belongs to, and as what.
CREATE OR REPLACE FUNCTION salons_of_account() RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT t.id, t.slug, t.name, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant_id
    WHERE m.user_id = current_account() ORDER BY t.name, t.id
$$;
