-- Drops what tells of a booking's cancellation and waits to be sent. Locks it first: who claims it is waited for, or finds it
-- dropped. Returns whether the customer was told, or is being told right now. $2 now
WITH message AS MATERIALIZED (
    SELECT m.tenant_id, m.id, m.status
    FROM messages m
    JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id AND m.created_at >= b.cancelled_at
    WHERE m.tenant_id = current_tenant() AND m.booking_id = $1 AND m.kind = 'cancelled'
    ORDER BY m.id FOR UPDATE OF m
), dropped AS (
    UPDATE messages m SET status = 'dropped', next_attempt_at = NULL, reason = 'booking_stands'
    FROM message WHERE m.tenant_id = message.tenant_id AND m.id = message.id AND message.status = 'queued'
    RETURNING m.tenant_id, m.id
), noted AS (
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    SELECT tenant_id, id, 'dropped', 'its booking was put back', $2 FROM dropped
)
SELECT EXISTS (SELECT FROM message WHERE status IN ('sending', 'sent', 'uncertain'))
