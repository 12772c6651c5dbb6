-- Forgets a view.
DELETE FROM saved_views WHERE tenant_id = current_tenant() AND id = $1
