-- A booking as its customer sees it.
SELECT b.id, b.slot_id, b.staff_id, b.service_id, b.starts_at, b.ends_at, b.status, b.cancelled_by, b.customer_moves,
       b.customer_confirmed_at IS NOT NULL AS said_yes, c.name AS customer_name, sv.name AS service_name, sv.price,
       sv.active AS offered, b.sequence, b.changed_at, b.customer_id, t.slug, t.accent,
       st.name AS staff_name, t.name AS salon_name, t.timezone, t.locale, t.currency, to_jsonb(salon) AS salon_policy,
       to_jsonb(own) AS service_policy
FROM bookings b
JOIN tenants t ON t.id = b.tenant_id
JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
JOIN staff st ON st.tenant_id = b.tenant_id AND st.id = b.staff_id
JOIN policies salon ON salon.tenant_id = b.tenant_id AND salon.service_id IS NULL
LEFT JOIN policies own ON own.tenant_id = b.tenant_id AND own.service_id = b.service_id
WHERE b.tenant_id = current_tenant() AND b.id = $1
