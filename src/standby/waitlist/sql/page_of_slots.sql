-- The slots that start in a stretch of time, by start: $1 from, $2 before, $3 staff, $4 status (each or NULL), $5 and $6
-- the cursor (start, id) or NULL, $7 how many.
SELECT s.id, s.staff_id, s.service_id, s.starts_at, s.ends_at, s.status, s.hold_expires_at, s.fill_at,
       s.freed_by_customer_id, s.checked_at, s.unfilled_reason, s.reason, st.name AS staff_name,
       sv.name AS service_name, o.id AS offer_id, o.entry_id, c.name AS offered_to, b.id AS booking_id
FROM slots s
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
LEFT JOIN offers o ON o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending' AND o.exclusive
LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
LEFT JOIN bookings b ON b.tenant_id = s.tenant_id AND b.slot_id = s.id AND b.status = 'confirmed'
WHERE s.tenant_id = current_tenant() AND s.starts_at >= $1 AND s.starts_at < $2
  AND ($3::uuid IS NULL OR s.staff_id = $3) AND ($4::text IS NULL OR s.status = $4)
  AND ($5::timestamptz IS NULL OR (s.starts_at, s.id) > ($5, $6::uuid))
ORDER BY s.starts_at, s.id
LIMIT $7
