-- Gives a locked confirmed booking another slot, which guards its time; $2 is the slot's id, $9 and $10 the ends of its
-- buffers, $11 whether the customer moves it. What they said of the old time doesn't hold for the new one.
WITH slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at, blocked_from, blocked_until)
    VALUES (current_tenant(), $2, $3, $4, $5, $6, 'booked', 'booking_moved', $7, $8, $8, $9, $10)
    RETURNING tenant_id, id, staff_id, service_id, starts_at, ends_at
)
UPDATE bookings b
SET slot_id = slot.id, staff_id = slot.staff_id, service_id = slot.service_id, starts_at = slot.starts_at,
    ends_at = slot.ends_at, sequence = b.sequence + 1, customer_moves = b.customer_moves + $11::boolean::integer,
    customer_confirmed_at = NULL, reason = 'moved', actor = $7, changed_at = $8
FROM slot WHERE b.tenant_id = slot.tenant_id AND b.id = $1
