-- The confirmed bookings of the staff member and the time of slot $1.
SELECT b.id, b.slot_id, b.customer_id, b.source
FROM slots s
JOIN bookings b ON b.tenant_id = s.tenant_id AND b.staff_id = s.staff_id AND b.status = 'confirmed'
               AND b.starts_at < s.ends_at AND b.ends_at > s.starts_at
WHERE s.tenant_id = current_tenant() AND s.id = $1
