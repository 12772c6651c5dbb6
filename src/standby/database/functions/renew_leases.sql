-- Prolongs the leases of messages that a living worker is still sending. What is locked is being recorded, or a report of
-- its delivery is: it is left for the next time, for waiting there while others wait for us would be a circle.
CREATE OR REPLACE FUNCTION renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH sending AS (
        SELECT m.tenant_id, m.id
        FROM unnest(p_tenants, p_ids, p_lease_ids) AS held (tenant_id, id, lease_id)
        JOIN messages m ON m.tenant_id = held.tenant_id AND m.id = held.id
        WHERE m.lease_id = held.lease_id AND m.status = 'sending'
        FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    UPDATE messages m SET lease_expires_at = p_until
    FROM sending s WHERE m.tenant_id = s.tenant_id AND m.id = s.id
$$;
