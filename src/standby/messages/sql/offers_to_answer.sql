-- A customer's offers that a YES or NO may be about, the newest first. open: it stands, and they had got it, or may have,
-- when they wrote. named: it is the one of the button that they tapped, or of the message that they answered.
-- $1 customer, $2 when they wrote (and a little), $3 now, $4 the button's offer, $5 the answered message's provider id
SELECT o.id, o.ended_at, s.starts_at, sv.name AS service_name, st.name AS staff_name,
       o.status = 'pending' AND o.expires_at > $3
           AND (o.sent_at <= $2 OR o.sent_at IS NULL AND o.offered_at <= $2 AND sent.maybe) AS open,
       o.id = $4 OR coalesce(sent.answered, false) AS named
FROM offers o
JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
CROSS JOIN LATERAL (
    SELECT bool_or(m.status = 'uncertain' OR m.resends > 0) AS maybe, bool_or(m.provider_id = $5) AS answered
    FROM messages m WHERE m.tenant_id = o.tenant_id AND m.offer_id = o.id
) AS sent
WHERE o.tenant_id = current_tenant() AND o.customer_id = $1
ORDER BY o.offered_at DESC, o.id DESC
LIMIT 100
