-- One delivery to a webhook ($1), with what was told and answered.
SELECT id, event, at, status, attempts, next_attempt_at, attempted_at, status_code, milliseconds, error, payload, answer
FROM webhook_deliveries
WHERE tenant_id = current_tenant() AND endpoint_id = $1 AND id = $2
