-- Somebody comes back from a provider; nobody does twice.
DELETE FROM calendar_requests r USING tenants t
WHERE r.tenant_id = current_tenant() AND r.state_hash = $1 AND t.id = r.tenant_id
RETURNING r.staff_id, r.address, r.secrets, r.expires_at, t.locale
