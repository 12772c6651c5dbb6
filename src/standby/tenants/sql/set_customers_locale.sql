-- The language in which the salon's customers are written to.
UPDATE tenants SET locale = $1 WHERE id = current_tenant()
