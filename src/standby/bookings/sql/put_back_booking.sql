-- Confirms a locked cancelled booking again: with another slot ($2), which guards its time as the old one did. Who cancelled
-- it themselves has not said of it that they come. No row: nobody knows any more who its customer is. $3 actor, $4 now
WITH slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at, blocked_from, blocked_until)
    SELECT b.tenant_id, $2, b.staff_id, b.service_id, b.starts_at, b.ends_at, 'booked', 'booking_put_back', $3, $4, $4,
           old.blocked_from, old.blocked_until
    FROM bookings b
    JOIN slots old ON old.tenant_id = b.tenant_id AND old.id = b.slot_id
    JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id AND c.erased_at IS NULL
    WHERE b.tenant_id = current_tenant() AND b.id = $1 AND b.status = 'cancelled'
    RETURNING tenant_id, id
)
UPDATE bookings b
SET slot_id = slot.id, status = 'confirmed', cancelled_at = NULL, cancelled_by = NULL, sequence = b.sequence + 1,
    customer_confirmed_at = CASE WHEN b.cancelled_by = 'salon' THEN b.customer_confirmed_at END,
    reason = 'put_back', actor = $3, changed_at = $4
FROM slot WHERE b.tenant_id = slot.tenant_id AND b.id = $1
RETURNING b.sequence
