-- The slot that opened when a booking was cancelled, whatever has become of it. No row: none did.
SELECT s.id
FROM bookings b
JOIN slots s ON s.tenant_id = b.tenant_id AND s.staff_id = b.staff_id AND s.service_id = b.service_id
            AND s.starts_at = b.starts_at AND s.freed_by_customer_id = b.customer_id AND s.created_at = b.cancelled_at
WHERE b.tenant_id = current_tenant() AND b.id = $1
