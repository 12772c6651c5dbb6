-- Cancels a confirmed booking and lets go of its slot. No row: it is not confirmed.
WITH booking AS (
    UPDATE bookings
    SET status = 'cancelled', cancelled_at = $4, cancelled_by = $5, sequence = sequence + 1, reason = $2, actor = $3, changed_at = $4
    WHERE tenant_id = current_tenant() AND id = $1 AND status = 'confirmed'
    RETURNING tenant_id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at
), slot AS (
    UPDATE slots s
    SET status = 'cancelled', reason = 'booking_cancelled', actor = $3, changed_at = $4
    FROM booking WHERE s.tenant_id = booking.tenant_id AND s.id = booking.slot_id
    RETURNING s.id
)
SELECT customer_id, staff_id, service_id, starts_at, ends_at FROM booking, slot
