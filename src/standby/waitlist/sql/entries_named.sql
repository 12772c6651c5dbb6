-- These entries, in this order, with the names that people know them by.
-- OFFSET 0 has the planner look each one up: made a join, it may hold the whole list against those that are asked for.
SELECT e.id, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute,
       e.vip, e.priority_override, e.status, e.cooldown_until, e.joined_at, e.ended_at, e.reason,
       c.name AS customer_name, c.phone, c.email, c.channels = '{}' AS silent, sv.name AS service_name,
       st.name AS staff_name, o.expires_at
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, number)
CROSS JOIN LATERAL (
    SELECT * FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = asked.id OFFSET 0
) AS e
CROSS JOIN LATERAL (
    SELECT * FROM customers WHERE tenant_id = current_tenant() AND id = e.customer_id OFFSET 0
) AS c
CROSS JOIN LATERAL (SELECT name FROM services WHERE tenant_id = e.tenant_id AND id = e.service_id OFFSET 0) AS sv
LEFT JOIN LATERAL (SELECT name FROM staff WHERE tenant_id = e.tenant_id AND id = e.staff_id OFFSET 0) AS st ON true
LEFT JOIN LATERAL (
    SELECT expires_at FROM offers
    WHERE tenant_id = current_tenant() AND entry_id = e.id AND status = 'pending'
    OFFSET 0
) AS o ON true
ORDER BY asked.number
