-- A booking and the slot that guards its time against every other; $10 and $11 are the ends of its buffers.
WITH slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at, blocked_from, blocked_until)
    VALUES (current_tenant(), $2, $4, $5, $6, $7, 'booked', 'booked_directly', $8, $9, $9, $10, $11)
    RETURNING tenant_id, id
)
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at)
SELECT tenant_id, $1, id, $3, $4, $5, $6, $7, 'confirmed', 'direct', 'booked', $8, $9, $9 FROM slot
