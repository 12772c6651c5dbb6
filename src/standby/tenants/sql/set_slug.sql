-- Gives the salon another name in addresses.
UPDATE tenants SET slug = $1 WHERE id = current_tenant()
