-- All that the offer's page and its answers tell; of a booking that has been changed since, as it is now. Of who was erased
-- nothing is told any more.
SELECT o.tenant_id, o.id, o.status, o.reason, o.expires_at, o.sent_at, o.booking_id, o.entry_id, o.slot_id, o.window_seconds,
       coalesce(b.starts_at, s.starts_at) AS starts_at, coalesce(b.ends_at, s.ends_at) AS ends_at, sv.name AS service_name, sv.duration_minutes, sv.price,
       st.name AS staff_name, t.name AS salon_name, t.slug, t.accent, t.timezone, t.locale, t.currency,
       c.name AS customer_name, o.customer_id, sv.id AS service_id, e.status AS entry_status, b.status AS booking_status
FROM offers o
JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
JOIN tenants t ON t.id = o.tenant_id
JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id AND c.erased_at IS NULL
JOIN waitlist_entries e ON e.tenant_id = o.tenant_id AND e.id = o.entry_id
LEFT JOIN bookings b ON b.tenant_id = o.tenant_id AND b.id = o.booking_id
JOIN services sv ON sv.tenant_id = o.tenant_id AND sv.id = coalesce(b.service_id, s.service_id)
JOIN staff st ON st.tenant_id = o.tenant_id AND st.id = coalesce(b.staff_id, s.staff_id)
WHERE o.tenant_id = current_tenant() AND o.id = $1
