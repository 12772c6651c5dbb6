-- Keeps the secrets of a webhook; the former one signs until $3.
UPDATE webhook_endpoints SET secrets = $2, former_until = $3 WHERE tenant_id = current_tenant() AND id = $1
