-- The salon's saved views, by name.
SELECT id, name, filters FROM saved_views WHERE tenant_id = current_tenant() ORDER BY lower(name), id LIMIT 100
