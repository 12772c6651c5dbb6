-- Writes a test for a webhook ($1), taken already by who writes it: $2 id, $3 payload, $4 now, $5 the lease's end.
INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event, payload, at, status, attempts, next_attempt_at, look_at,
                                lease_until)
SELECT tenant_id, $2, id, 'test', $3, $4, 'pending', 1, $5, $5, $5
FROM webhook_endpoints WHERE tenant_id = current_tenant() AND id = $1
RETURNING id, endpoint_id, event, payload, attempts, lease_until, NULL::timestamptz AS failing_since,
          (SELECT e.url FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.id = $1) AS url,
          (SELECT e.secrets FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.id = $1) AS secrets,
          (SELECT e.former_until FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.id = $1) AS former_until,
          NULL::jsonb AS customer
