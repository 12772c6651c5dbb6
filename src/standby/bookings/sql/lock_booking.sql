-- Locks a booking and reads it as it stands, with its slot's buffers and what its customer may do about it by the rules.
SELECT b.id, b.slot_id, b.customer_id, b.staff_id, b.service_id, b.starts_at, b.ends_at, b.status, b.sequence,
       b.customer_moves, s.blocked_from, s.blocked_until, to_jsonb(salon) AS salon_policy,
       to_jsonb(service) AS service_policy
FROM bookings b
JOIN slots s ON s.tenant_id = b.tenant_id AND s.id = b.slot_id
JOIN policies salon ON salon.tenant_id = b.tenant_id AND salon.service_id IS NULL
LEFT JOIN policies service ON service.tenant_id = b.tenant_id AND service.service_id = b.service_id
WHERE b.tenant_id = current_tenant() AND b.id = $1
FOR NO KEY UPDATE OF b
