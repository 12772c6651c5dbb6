-- Writes the message that will bring a code, and enqueues its sending before all others: somebody sits and waits. false:
-- the number has a code already, or another code has this id. The salon's order of channels holds, as far as codes go by them; its rate doesn't, for
-- codes have their own. $1 verification and message, $2 phone, $3 purpose, $4 now, $5 end
WITH verification AS (
    INSERT INTO verifications (tenant_id, id, phone, purpose, created_at, expires_at)
    VALUES (current_tenant(), $1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
    RETURNING id
), message AS (
    INSERT INTO messages (tenant_id, id, kind, dedupe_key, status, rate_granted, channels, next_attempt_at, created_at)
    SELECT p.tenant_id, v.id, 'verify_code', 'verify_code_' || v.id, 'queued', true,
           ARRAY(SELECT channel FROM unnest(ARRAY['sms', 'whatsapp']) AS channel
                 ORDER BY array_position(p.channel_order, channel)),
           $4::timestamptz + interval '5 seconds', $4
    FROM verification v
    JOIN policies p ON p.tenant_id = current_tenant() AND p.service_id IS NULL
    RETURNING id
)
SELECT count(enqueue('message.send', id, 12)) > 0 FROM message
