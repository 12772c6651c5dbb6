-- Writes what a booking's customer is told ($3: booking_confirmed, changed or cancelled) and enqueues its sending; not to
-- somebody who agreed to none of the salon's channels. $1 message, $2 booking, $4 dedupe key, $5 details, $6 now
WITH message AS (
    INSERT INTO messages (tenant_id, id, customer_id, booking_id, slot_id, kind, dedupe_key, status, channels,
                          next_attempt_at, created_at, details)
    SELECT b.tenant_id, $1, b.customer_id, b.id, b.slot_id, $3, $4, 'queued',
           coalesce(service.channel_order, salon.channel_order), $6::timestamptz + interval '5 seconds', $6, $5
    FROM bookings b
    JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
    JOIN policies salon ON salon.tenant_id = b.tenant_id AND salon.service_id IS NULL
    LEFT JOIN policies service ON service.tenant_id = b.tenant_id AND service.service_id = b.service_id
    WHERE b.tenant_id = current_tenant() AND b.id = $2
      AND c.channels && coalesce(service.channel_order, salon.channel_order)
    RETURNING id, created_at
)
SELECT enqueue_send(id, created_at) FROM message
