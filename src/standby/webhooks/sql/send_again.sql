-- Makes a delivery due at once, with all its attempts before it; not while somebody is sending it.
UPDATE webhook_deliveries
SET status = 'pending', attempts = 0, next_attempt_at = $2, look_at = $2, lease_until = NULL
WHERE tenant_id = current_tenant() AND id = $1 AND (lease_until IS NULL OR lease_until <= $2)
