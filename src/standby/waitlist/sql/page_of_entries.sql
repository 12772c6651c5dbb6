-- Entries, the newest first: $1 status or NULL ("active": the three active ones), $2 service or NULL, $3 and $4 the
-- cursor (joined, id) or NULL, $5 how many.
SELECT e.id, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute,
       e.vip, e.priority_override, e.status, e.misses, e.cooldown_until, e.booking_id, e.joined_at, e.ended_at,
       e.reason, c.name AS customer_name, c.phone, c.email, sv.name AS service_name, st.name AS staff_name
FROM waitlist_entries e
JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
JOIN services sv ON sv.tenant_id = e.tenant_id AND sv.id = e.service_id
LEFT JOIN staff st ON st.tenant_id = e.tenant_id AND st.id = e.staff_id
WHERE e.tenant_id = current_tenant()
  AND ($1::text IS NULL OR e.status = $1 OR ($1 = 'active' AND e.status IN ('waiting', 'notified', 'cooldown')))
  AND ($2::uuid IS NULL OR e.service_id = $2)
  AND ($3::timestamptz IS NULL OR (e.joined_at, e.id) < ($3, $4::uuid))
ORDER BY e.joined_at DESC, e.id DESC
LIMIT $5
