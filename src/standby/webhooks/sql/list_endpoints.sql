-- The salon's webhooks, or the one of id $1, with how much waits for each.
SELECT e.id, e.url, e.description, e.events, e.contacts, e.active, e.disabled_reason, e.failing_since, e.former_until,
       e.created_at,
       (SELECT count(*) FROM webhook_deliveries d
        WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id AND d.status = 'pending') AS pending
FROM webhook_endpoints e
WHERE e.tenant_id = current_tenant() AND ($1::uuid IS NULL OR e.id = $1)
ORDER BY e.created_at, e.id
