-- The bookings of those who are still known.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
SELECT coalesce(c.phone, c.email) AS customer, v.name AS service, s.name AS staff, b.starts_at AS start, b.ends_at AS end,
       b.status
FROM bookings b
CROSS JOIN LATERAL (
    SELECT phone, email FROM customers
    WHERE tenant_id = b.tenant_id AND id = b.customer_id AND erased_at IS NULL
    OFFSET 0
) AS c
CROSS JOIN LATERAL (SELECT name FROM services WHERE tenant_id = b.tenant_id AND id = b.service_id OFFSET 0) AS v
CROSS JOIN LATERAL (SELECT name FROM staff WHERE tenant_id = b.tenant_id AND id = b.staff_id OFFSET 0) AS s
WHERE b.tenant_id = current_tenant() ORDER BY b.starts_at, b.id
