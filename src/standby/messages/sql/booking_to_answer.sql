-- The booking that a customer ($1) answers about, locked. named: it is the one of the button that they tapped ($2), or of
-- the reminder that they answered ($3, its provider's id); otherwise it is that of the last message which asked them for an
-- answer before they wrote ($4), if that was a reminder. as_told: it is at the time that the reminder told.
SELECT b.id AS booking_id, b.status, b.starts_at, asked.named, asked.starts_at = b.starts_at AS as_told
FROM (
    SELECT m.booking_id, (m.details ->> 'starts_at')::timestamptz AS starts_at,
           $2::uuid IS NOT NULL OR coalesce(m.provider_id = $3, false) AS named
    FROM messages m
    WHERE m.tenant_id = current_tenant() AND m.customer_id = $1 AND m.kind IN ('offer', 'offer_reminder', 'reminder')
      AND (m.sent_at <= $4 OR $2 IS NOT NULL) AND ($2 IS NULL OR m.booking_id = $2)
    ORDER BY coalesce(m.provider_id = $3, false) DESC, m.sent_at DESC NULLS LAST, m.id
    LIMIT 1
) AS asked
JOIN bookings b ON b.tenant_id = current_tenant() AND b.id = asked.booking_id
FOR NO KEY UPDATE OF b
