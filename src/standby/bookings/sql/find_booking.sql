-- One booking with its names.
SELECT b.id, b.slot_id, b.customer_id, b.staff_id, b.service_id, b.starts_at, b.ends_at, b.status, b.source,
       b.cancelled_at, b.cancelled_by, b.reason, b.created_at, b.changed_at, b.customer_confirmed_at, b.customer_moves,
       b.sequence, c.name AS customer_name, c.phone, c.email, st.name AS staff_name, sv.name AS service_name
FROM bookings b
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN staff st ON st.tenant_id = b.tenant_id AND st.id = b.staff_id
JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
WHERE b.tenant_id = current_tenant() AND b.id = $1
