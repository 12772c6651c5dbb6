-- What became of messages, from line $1 of their events on. The same columns as happenings_since.
SELECT v.id, 'message.' || v.event AS what, NULL AS from_state, m.kind AS reason, v.details AS actor, v.at,
       c.name AS customer, sv.name AS service, st.name AS staff, s.id AS slot_id, s.starts_at, s.created_at AS opened_at,
       NULL AS source, NULL::integer AS score, NULL::jsonb AS breakdown, NULL::timestamptz AS expires_at,
       NULL::integer AS max_misses, NULL::integer AS misses, NULL AS entry_status, v.channel
FROM message_events v
JOIN messages m ON m.tenant_id = v.tenant_id AND m.id = v.message_id
JOIN customers c ON c.tenant_id = v.tenant_id AND c.id = m.customer_id
JOIN slots s ON s.tenant_id = v.tenant_id AND s.id = m.slot_id
JOIN services sv ON sv.tenant_id = v.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = v.tenant_id AND st.id = s.staff_id
WHERE v.tenant_id = current_tenant() AND v.id > $1
ORDER BY v.id
