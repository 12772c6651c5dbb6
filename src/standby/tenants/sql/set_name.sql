-- What the salon is called.
UPDATE tenants SET name = $1 WHERE id = current_tenant()
