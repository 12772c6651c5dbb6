-- Takes what has waited longest for a webhook ($1), with a lease until $3; rivals get the next one (SKIP LOCKED). None, if
-- the webhook is switched off or left alone for now. Whom it is about is read at this moment, and only if it is to be told.
WITH next AS MATERIALIZED (
    SELECT d.tenant_id, d.id
    FROM webhook_endpoints e
    JOIN webhook_deliveries d ON d.tenant_id = e.tenant_id AND d.endpoint_id = e.id
    WHERE e.tenant_id = current_tenant() AND e.id = $1 AND e.active AND (e.rest_until IS NULL OR e.rest_until <= $2)
      AND d.status = 'pending' AND d.next_attempt_at <= $2
    ORDER BY d.next_attempt_at, d.seq
    LIMIT 1
    FOR UPDATE OF d SKIP LOCKED
), taken AS (
    UPDATE webhook_deliveries d
    SET lease_until = $3, next_attempt_at = $3, look_at = $3, attempts = d.attempts + 1
    FROM next WHERE d.tenant_id = next.tenant_id AND d.id = next.id
    RETURNING d.tenant_id, d.id, d.endpoint_id, d.event, d.payload, d.attempts, d.lease_until
)
SELECT t.id, t.endpoint_id, t.event, t.payload, t.attempts, t.lease_until, e.url, e.secrets, e.former_until, e.failing_since,
       CASE WHEN e.contacts AND c.id IS NOT NULL THEN
           jsonb_build_object('id', c.id, 'name', c.name, 'phone', c.phone, 'email', c.email) END AS customer
FROM taken t
JOIN webhook_endpoints e ON e.tenant_id = t.tenant_id AND e.id = t.endpoint_id
LEFT JOIN customers c ON c.tenant_id = t.tenant_id AND c.id = (t.payload #>> '{data,customer_id}')::uuid
