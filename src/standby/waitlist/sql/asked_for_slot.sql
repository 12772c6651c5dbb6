-- Who was asked for a slot, in order, what became of it, and by which channel; at most the last 200.
SELECT last.*, c.name AS customer_name, m.channel, m.status AS message_status, b.status AS booking_status
FROM (SELECT o.tenant_id, o.id, o.entry_id, o.customer_id, o.status, o.reason, o.score, o.breakdown, o.offered_at, o.sent_at,
             o.expires_at, o.ended_at, o.booking_id
      FROM offers o WHERE o.tenant_id = current_tenant() AND o.slot_id = $1
      ORDER BY o.offered_at DESC, o.id DESC
      LIMIT 200) AS last
JOIN customers c ON c.tenant_id = last.tenant_id AND c.id = last.customer_id
LEFT JOIN messages m ON m.tenant_id = last.tenant_id AND m.offer_id = last.id AND m.kind = 'offer'
LEFT JOIN bookings b ON b.tenant_id = last.tenant_id AND b.id = last.booking_id
ORDER BY last.offered_at, last.id
