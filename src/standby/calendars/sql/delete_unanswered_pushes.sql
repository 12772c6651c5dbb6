-- Channels of a calendar that it has never said yes to.
DELETE FROM calendar_pushes WHERE tenant_id = current_tenant() AND link_id = $1 AND resource IS NULL
