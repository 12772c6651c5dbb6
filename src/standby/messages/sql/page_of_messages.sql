-- A salon's messages, or one customer's, the newest first. $1 customer or NULL, $2 and $3 where the page before ended,
-- $4 how many
SELECT m.id, m.kind, m.customer_id, c.name AS customer_name, m.offer_id, m.booking_id, m.status, m.delivery, m.channel,
       m.provider, m.reason, m.created_at, m.sent_at
FROM messages m
LEFT JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
WHERE m.tenant_id = current_tenant() AND ($1::uuid IS NULL OR m.customer_id = $1)
  AND ($2::timestamptz IS NULL OR (m.created_at, m.id) < ($2, $3::uuid))
ORDER BY m.created_at DESC, m.id DESC
LIMIT $4
