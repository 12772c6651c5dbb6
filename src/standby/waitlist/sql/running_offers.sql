-- The offers that wait for an answer, by their ends: found by the slots that are held for them.
SELECT o.id, o.entry_id, o.slot_id, o.offered_at, o.sent_at, o.expires_at, o.score, c.name AS customer_name,
       s.starts_at, sv.name AS service_name, st.name AS staff_name
FROM slots s
JOIN offers o ON o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending'
JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE s.tenant_id = current_tenant() AND s.status = 'held'
ORDER BY o.expires_at, o.id
LIMIT 50
