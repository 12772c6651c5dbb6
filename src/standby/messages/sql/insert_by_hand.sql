-- Writes what somebody at the salon answers a customer, and enqueues its sending before all that isn't an answer; it counts in
-- the salon's rate. False: it was written before.
-- $1 message, $2 customer, $3 the reply that it answers, $4 channel, $5 details, $6 now
WITH message AS (
    INSERT INTO messages (tenant_id, id, customer_id, reply_id, kind, dedupe_key, status, channels, details,
                          next_attempt_at, created_at)
    VALUES (current_tenant(), $1, $2, $3, 'by_hand', format('by_hand_%s', $1::uuid), 'queued', ARRAY[$4::text], $5,
            $6::timestamptz + interval '5 seconds', $6)
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT count(enqueue('message.send', id, 12)) > 0 FROM message
