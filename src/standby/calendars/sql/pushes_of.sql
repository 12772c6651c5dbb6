-- The channels by which a calendar tells us of changes.
SELECT id, resource, expires_at FROM calendar_pushes WHERE tenant_id = current_tenant() AND link_id = $1
