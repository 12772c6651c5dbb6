-- The offers that wait for an answer, the newest first.
SELECT o.id, o.slot_id, o.expires_at, o.window_seconds, o.reminder_lead_seconds, o.score, c.name AS customer,
       sv.name AS service, st.name AS staff, s.starts_at
FROM offers o
JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE o.tenant_id = current_tenant() AND o.status = 'pending'
ORDER BY o.offered_at DESC, o.id DESC
