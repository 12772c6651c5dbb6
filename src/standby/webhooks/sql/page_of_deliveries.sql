-- Deliveries to a webhook ($1), the newest first: $2 status or NULL, $3 and $4 where the page before ended, $5 how many.
SELECT id, event, at, status, attempts, next_attempt_at, attempted_at, status_code, milliseconds, error
FROM webhook_deliveries
WHERE tenant_id = current_tenant() AND endpoint_id = $1 AND ($2::text IS NULL OR status = $2)
  AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
ORDER BY at DESC, id DESC
LIMIT $5
