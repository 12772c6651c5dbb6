-- What customer $1 was sent and what they wrote, the newest first. $2 and $3 where the page before ended, $4 how many
WITH said AS MATERIALIZED (
    (SELECT m.created_at AS at, m.id, false AS theirs FROM messages m
     WHERE m.tenant_id = current_tenant() AND m.customer_id = $1
       AND ($2::timestamptz IS NULL OR (m.created_at, m.id) < ($2, $3::uuid))
     ORDER BY m.created_at DESC, m.id DESC LIMIT $4)
    UNION ALL
    (SELECT r.received_at, r.id, true FROM replies r
     WHERE r.tenant_id = current_tenant() AND r.customer_id = $1
       AND ($2::timestamptz IS NULL OR (r.received_at, r.id) < ($2, $3::uuid))
     ORDER BY r.received_at DESC, r.id DESC LIMIT $4)
    ORDER BY at DESC, id DESC
    LIMIT $4
)
SELECT said.at, said.id, said.theirs, m.kind, m.reason, m.sent_at, nullif(m.not_before, '-infinity') AS not_before, m.details ->> 'by' AS by,
       coalesce(m.channel, r.channel, m.channels[1]) AS channel, coalesce(r.text, m.details ->> 'text') AS text,
       CASE WHEN m.status = 'sending' THEN 'queued' WHEN m.status = 'sent' AND m.delivery IN ('delivered', 'read') THEN m.delivery
            ELSE m.status END AS state,
       r.outcome, r.handled_at, r.handled_by, sv.name AS service_name, st.name AS staff_name,
       coalesce(b.starts_at, s.starts_at) AS starts_at
FROM said
LEFT JOIN messages m ON NOT said.theirs AND m.tenant_id = current_tenant() AND m.id = said.id
LEFT JOIN replies r ON said.theirs AND r.tenant_id = current_tenant() AND r.id = said.id
LEFT JOIN slots s ON s.tenant_id = m.tenant_id AND s.id = m.slot_id
LEFT JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id
LEFT JOIN services sv ON sv.tenant_id = m.tenant_id AND sv.id = coalesce(b.service_id, s.service_id)
LEFT JOIN staff st ON st.tenant_id = m.tenant_id AND st.id = coalesce(b.staff_id, s.staff_id)
ORDER BY said.at DESC, said.id DESC
