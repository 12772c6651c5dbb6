-- These entries, in this order, with the names that people know them by.
SELECT e.id, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute,
       e.vip, e.priority_override, e.status, e.cooldown_until, e.joined_at, e.ended_at, e.reason,
       c.name AS customer_name, c.phone, c.email, c.channels = '{}' AS silent, sv.name AS service_name,
       st.name AS staff_name, o.expires_at
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, number)
JOIN waitlist_entries e ON e.tenant_id = current_tenant() AND e.id = asked.id
JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
JOIN services sv ON sv.tenant_id = e.tenant_id AND sv.id = e.service_id
LEFT JOIN staff st ON st.tenant_id = e.tenant_id AND st.id = e.staff_id
LEFT JOIN offers o ON o.tenant_id = e.tenant_id AND o.entry_id = e.id AND o.status = 'pending'
ORDER BY asked.number
