-- Prolongs the leases of messages that a living worker is still sending.
CREATE OR REPLACE FUNCTION renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE messages m SET lease_expires_at = p_until
    FROM unnest(p_tenants, p_ids, p_lease_ids) AS held (tenant_id, id, lease_id)
    WHERE m.tenant_id = held.tenant_id AND m.id = held.id AND m.lease_id = held.lease_id AND m.status = 'sending'
$$;
