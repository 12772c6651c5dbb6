-- Keeps the answer to the request that has taken this key.
UPDATE idempotency_keys SET status = $2, body = $3 WHERE tenant_id = current_tenant() AND key = $1
