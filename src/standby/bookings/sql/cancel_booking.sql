-- Cancels a locked confirmed booking and lets go of its slot.
WITH booking AS (
    UPDATE bookings
    SET status = 'cancelled', cancelled_at = $4, cancelled_by = $5, sequence = sequence + 1, reason = $2, actor = $3,
        changed_at = $4
    WHERE tenant_id = current_tenant() AND id = $1
    RETURNING tenant_id, slot_id
)
UPDATE slots s
SET status = 'cancelled', reason = 'booking_cancelled', actor = $3, changed_at = $4
FROM booking WHERE s.tenant_id = booking.tenant_id AND s.id = booking.slot_id
