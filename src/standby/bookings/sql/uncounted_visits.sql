-- Bookings of a customer that are not counted as they are now: visits that are new or were moved, and those that are no
-- visits any more; with what was counted for them, if anything was.
SELECT b.id, b.status IN ('confirmed', 'completed') AS counts, b.service_id, b.staff_id, b.starts_at,
       v.service_id AS old_service_id, v.staff_id AS old_staff_id, v.weekday, v.hour, v.weight
FROM bookings b
LEFT JOIN counted_visits v ON v.tenant_id = b.tenant_id AND v.customer_id = b.customer_id AND v.booking_id = b.id
WHERE b.tenant_id = current_tenant() AND b.customer_id = $1
  AND CASE WHEN b.status IN ('confirmed', 'completed')
           THEN (v.service_id, v.staff_id, v.starts_at) IS DISTINCT FROM (b.service_id, b.staff_id, b.starts_at)
           ELSE v.booking_id IS NOT NULL END
