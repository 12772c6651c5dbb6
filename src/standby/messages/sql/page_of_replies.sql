-- What customers wrote, the newest first. $1 unread only, $2 and $3 where the page before ended, $4 how many
SELECT r.id, r.channel, r.customer_id, c.name AS customer_name, r.sender, r.text, r.outcome, r.offer_id, r.received_at,
       r.handled_at, r.handled_by
FROM replies r
LEFT JOIN customers c ON c.tenant_id = r.tenant_id AND c.id = r.customer_id
WHERE r.tenant_id = current_tenant() AND (NOT $1 OR r.handled_at IS NULL)
  AND ($2::timestamptz IS NULL OR (r.received_at, r.id) < ($2, $3::uuid))
ORDER BY r.received_at DESC, r.id DESC
LIMIT $4
