-- Channels that others have taken the place of.
DELETE FROM calendar_pushes WHERE tenant_id = current_tenant() AND id = ANY ($1::uuid[])
