-- The appointments of a staff member ($1; NULL: of everybody) that lie in a time. None is longer than 24 hours.
SELECT b.id, b.starts_at, c.name AS customer_name, s.name AS staff_name
FROM bookings b
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN staff s ON s.tenant_id = b.tenant_id AND s.id = b.staff_id
WHERE b.tenant_id = current_tenant() AND b.status = 'confirmed' AND ($1::uuid IS NULL OR b.staff_id = $1)
  AND b.starts_at < $3 AND b.ends_at > $2 AND b.starts_at > $2::timestamptz - interval '24 hours'
ORDER BY b.starts_at, b.id LIMIT 1000
