-- One slot with its names, its open offer, its booking, and the rules that hold for it.
SELECT s.id, s.staff_id, s.service_id, s.starts_at, s.ends_at, s.status, s.hold_expires_at, s.fill_at,
       s.freed_by_customer_id, s.checked_at, s.unfilled_reason, s.reason, st.name AS staff_name,
       sv.name AS service_name, o.id AS offer_id, o.entry_id, c.name AS offered_to, b.id AS booking_id,
       t.timezone, to_jsonb(salon) AS salon_policy, to_jsonb(service) AS service_policy, st.active AS staff_active,
       sv.active AS service_active,
       EXISTS (SELECT FROM absences away
               WHERE away.tenant_id = s.tenant_id AND (away.staff_id IS NULL OR away.staff_id = s.staff_id)
                 AND away.starts_at < s.ends_at AND away.ends_at > s.starts_at) AS closed
FROM slots s
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
LEFT JOIN offers o ON o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending' AND o.exclusive
LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
LEFT JOIN bookings b ON b.tenant_id = s.tenant_id AND b.slot_id = s.id AND b.status = 'confirmed'
JOIN tenants t ON t.id = s.tenant_id
JOIN policies salon ON salon.tenant_id = s.tenant_id AND salon.service_id IS NULL
LEFT JOIN policies service ON service.tenant_id = s.tenant_id AND service.service_id = s.service_id
WHERE s.tenant_id = current_tenant() AND s.id = $1
