-- Drops what waits for a webhook that the caller has locked.
UPDATE webhook_deliveries SET status = 'dropped', next_attempt_at = NULL, look_at = NULL, lease_until = NULL
WHERE tenant_id = current_tenant() AND endpoint_id = $1 AND status = 'pending'
