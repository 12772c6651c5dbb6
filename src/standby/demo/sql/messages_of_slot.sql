-- The messages about a slot in their order.
SELECT m.kind, m.status, c.name AS customer
FROM messages m
JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
WHERE m.tenant_id = current_tenant() AND m.slot_id = $1
ORDER BY m.created_at, m.id
