-- Has the timers look at $2 for what is due for a webhook ($1) by then, by the first of it; not before the webhook's rest is
-- over. No row: there is nothing.
WITH first AS MATERIALIZED (
    SELECT d.tenant_id, d.id, e.rest_until
    FROM webhook_endpoints e
    JOIN webhook_deliveries d ON d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
    WHERE e.tenant_id = current_tenant() AND e.id = $1 AND e.active AND d.status = 'pending' AND d.next_attempt_at <= $2
    ORDER BY d.next_attempt_at, d.seq
    LIMIT 1
    FOR NO KEY UPDATE OF d
)
UPDATE webhook_deliveries d SET look_at = greatest($2, first.rest_until)
FROM first WHERE d.tenant_id = first.tenant_id AND d.id = first.id
RETURNING d.look_at
