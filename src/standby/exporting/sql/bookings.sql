-- The bookings of those who are still known.
SELECT coalesce(c.phone, c.email) AS customer, v.name AS service, s.name AS staff, b.starts_at AS start, b.ends_at AS end,
       b.status
FROM bookings b
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id AND c.erased_at IS NULL
JOIN services v ON v.tenant_id = b.tenant_id AND v.id = b.service_id
JOIN staff s ON s.tenant_id = b.tenant_id AND s.id = b.staff_id
WHERE b.tenant_id = current_tenant() ORDER BY b.starts_at, b.id
