-- Writes a message that answers a reply, and enqueues its sending before all others. It doesn't wait for the salon's rate:
-- the customer set its pace. No row: it was written before.
-- $1 message, $2 customer, $3 reply, $4 channel, $5 kind, $6 dedupe key, $7 offer or NULL, $8 details, $9 now,
-- $10 booking or NULL
WITH message AS (
    INSERT INTO messages (tenant_id, id, customer_id, reply_id, offer_id, booking_id, slot_id, kind, dedupe_key, status,
                          rate_granted, channels, details, next_attempt_at, created_at)
    SELECT current_tenant(), $1, $2, $3, $7, coalesce(b.id, o.booking_id), coalesce(b.slot_id, o.slot_id), $5, $6, 'queued', true, ARRAY[$4::text], $8,
           $9::timestamptz + interval '5 seconds', $9
    FROM (VALUES (1)) AS one
    LEFT JOIN offers o ON o.tenant_id = current_tenant() AND o.id = $7
    LEFT JOIN bookings b ON b.tenant_id = current_tenant() AND b.id = $10
    ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
    RETURNING id
)
SELECT count(enqueue('message.send', id, 12)) > 0 FROM message
