-- Whom a slot was offered to, in that order, each with why it was this one.
SELECT o.id, o.entry_id, o.status, o.reason, o.score, o.breakdown, o.offered_at, o.expires_at, o.ended_at,
       c.name AS customer_name
FROM offers o
JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
WHERE o.tenant_id = current_tenant() AND o.slot_id = $1
ORDER BY o.offered_at, o.id
LIMIT 100
