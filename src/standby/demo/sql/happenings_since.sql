-- What history says from line $1 on, with the names and numbers that tell it.
SELECT h.id, h.entity || '.' || h.to_state AS what, h.from_state, h.reason, h.actor, h.at,
       c.name AS customer, sv.name AS service, st.name AS staff, s.id AS slot_id, s.starts_at, s.created_at AS opened_at,
       b.source, o.score, o.breakdown, o.expires_at, o.max_misses, e.misses, e.status AS entry_status,
       NULL AS channel
FROM history h
LEFT JOIN offers o ON h.entity = 'offer' AND o.tenant_id = h.tenant_id AND o.id = h.entity_id
LEFT JOIN bookings b ON h.entity = 'booking' AND b.tenant_id = h.tenant_id AND b.id = h.entity_id
LEFT JOIN waitlist_entries e
       ON e.tenant_id = h.tenant_id
      AND e.id = CASE h.entity WHEN 'offer' THEN o.entry_id WHEN 'entry' THEN h.entity_id END
LEFT JOIN slots s
       ON s.tenant_id = h.tenant_id
      AND s.id = CASE h.entity WHEN 'slot' THEN h.entity_id ELSE coalesce(o.slot_id, b.slot_id) END
LEFT JOIN customers c
       ON c.tenant_id = h.tenant_id AND c.id = coalesce(o.customer_id, b.customer_id, e.customer_id)
LEFT JOIN services sv ON sv.tenant_id = h.tenant_id AND sv.id = coalesce(s.service_id, e.service_id)
LEFT JOIN staff st ON st.tenant_id = h.tenant_id AND st.id = s.staff_id
WHERE h.tenant_id = current_tenant() AND h.id > $1 AND h.to_state IS NOT NULL
ORDER BY h.id
