-- The offers of a slot in their order, each with its entry and how late its end came if it was silence that ended it.
SELECT o.id, o.entry_id, o.customer_id, o.status, o.booking_id, e.status AS entry_status, e.misses, c.name AS customer,
       CASE WHEN o.status = 'expired' THEN o.ended_at - o.expires_at END AS late
FROM offers o
JOIN waitlist_entries e ON e.tenant_id = o.tenant_id AND e.id = o.entry_id
JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
WHERE o.tenant_id = current_tenant() AND o.slot_id = $1
ORDER BY o.offered_at, o.id
