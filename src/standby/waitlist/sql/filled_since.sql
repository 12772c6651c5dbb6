-- What the waitlist has filled since $1, the newest first: by service, for that is the index of it.
SELECT b.id, b.status, b.starts_at, b.created_at, s.created_at AS opened_at, c.name AS customer_name,
       own.name AS service_name, st.name AS staff_name, own.price
FROM services own
CROSS JOIN LATERAL (
    SELECT * FROM bookings
    WHERE tenant_id = own.tenant_id AND service_id = own.id AND source = 'waitlist' AND created_at > $1
    ORDER BY created_at DESC
    LIMIT 500
) AS b
JOIN slots s ON s.tenant_id = b.tenant_id AND s.id = b.slot_id
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN staff st ON st.tenant_id = b.tenant_id AND st.id = b.staff_id
WHERE own.tenant_id = current_tenant()
ORDER BY b.created_at DESC, b.id
LIMIT 2000
