-- Bookings by start: $1 from, $2 before, $3 staff, $4 service, $5 customer, $6 status (each or NULL), $7 and $8 the cursor
-- or NULL, $9 how many. greatest and least leave out a NULL: with an OR, or with coalesce under row level security, no index
-- finds the stretch.
SELECT b.id, b.slot_id, b.customer_id, b.staff_id, b.service_id, b.starts_at, b.ends_at, b.status, b.source,
       b.cancelled_at, b.cancelled_by, b.reason, b.created_at, b.changed_at, b.customer_confirmed_at, b.customer_moves,
       b.sequence, c.name AS customer_name, c.phone, st.name AS staff_name, sv.name AS service_name
FROM bookings b
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN staff st ON st.tenant_id = b.tenant_id AND st.id = b.staff_id
JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
WHERE b.tenant_id = current_tenant()
  AND b.starts_at >= greatest($1::timestamptz, '-infinity') AND b.starts_at < least($2::timestamptz, 'infinity')
  AND ($3::uuid IS NULL OR b.staff_id = $3) AND ($4::uuid IS NULL OR b.service_id = $4)
  AND ($5::uuid IS NULL OR b.customer_id = $5) AND ($6::text IS NULL OR b.status = $6)
  AND ($7::timestamptz IS NULL OR (b.starts_at, b.id) > ($7, $8::uuid))
ORDER BY b.starts_at, b.id
LIMIT $9
