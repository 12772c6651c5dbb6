-- The messages $1, the newest first, with what they are about. state: how far one is.
SELECT m.id, m.kind, m.customer_id, c.name AS customer_name, m.offer_id, m.booking_id, m.status, m.delivery, m.channel,
       m.channels[1] AS first_channel, m.provider, m.reason, m.created_at, m.sent_at,
       nullif(m.not_before, '-infinity') AS not_before, m.details ->> 'text' AS text,
       CASE WHEN m.status = 'sending' THEN 'queued' WHEN m.status = 'sent' AND m.delivery IN ('delivered', 'read') THEN m.delivery
            ELSE m.status END AS state,
       sv.name AS service_name, st.name AS staff_name, coalesce(b.starts_at, s.starts_at) AS starts_at
FROM messages m
LEFT JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
LEFT JOIN slots s ON s.tenant_id = m.tenant_id AND s.id = m.slot_id
LEFT JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id
LEFT JOIN services sv ON sv.tenant_id = m.tenant_id AND sv.id = coalesce(b.service_id, s.service_id)
LEFT JOIN staff st ON st.tenant_id = m.tenant_id AND st.id = coalesce(b.staff_id, s.staff_id)
WHERE m.tenant_id = current_tenant() AND m.id = ANY ($1::uuid[])
ORDER BY m.created_at DESC, m.id DESC
