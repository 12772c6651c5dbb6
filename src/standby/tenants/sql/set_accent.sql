-- Gives the salon's pages another accent colour; NULL: Standby's own.
UPDATE tenants SET accent = $1 WHERE id = current_tenant()
