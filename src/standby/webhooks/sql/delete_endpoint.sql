-- Forgets a webhook and its log.
DELETE FROM webhook_endpoints WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
