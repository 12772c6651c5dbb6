-- The appointments that lie in $1 to $2, of a staff member ($3; NULL: of everybody), by start, with their buffers; one that
-- is cancelled has left its time. None is longer than 24 hours. At most 2,000.
SELECT b.id, b.staff_id, b.starts_at, b.ends_at, b.status, b.source, b.sequence, s.id AS slot_id, s.blocked_from,
       s.blocked_until, b.customer_confirmed_at IS NOT NULL AS said_yes, c.name AS customer_name, sv.name AS service_name
FROM bookings b
JOIN slots s ON s.tenant_id = b.tenant_id AND s.id = b.slot_id
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
WHERE b.tenant_id = current_tenant() AND b.status <> 'cancelled' AND ($3::uuid IS NULL OR b.staff_id = $3)
  AND b.starts_at > $1::timestamptz - interval '24 hours' AND b.starts_at < $2::timestamptz AND b.ends_at > $1
ORDER BY b.starts_at, b.id
LIMIT 2000
