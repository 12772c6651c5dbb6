-- Who waits.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
SELECT coalesce(c.phone, c.email) AS customer, v.name AS service, s.name AS staff, e.earliest, e.latest,
       (SELECT string_agg((ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[day], ', ' ORDER BY day)
        FROM unnest(e.weekdays) AS day) AS weekdays,
       CASE WHEN e.from_minute > 0
            THEN to_char(make_time(e.from_minute / 60, e.from_minute % 60, 0), 'HH24:MI') END AS from,
       CASE WHEN e.until_minute < 1440
            THEN to_char(make_time(e.until_minute / 60, e.until_minute % 60, 0), 'HH24:MI') END AS until,
       e.vip, e.priority_override AS priority, e.joined_at AS joined
FROM waitlist_entries e
CROSS JOIN LATERAL (
    SELECT phone, email FROM customers WHERE tenant_id = e.tenant_id AND id = e.customer_id OFFSET 0
) AS c
CROSS JOIN LATERAL (SELECT name FROM services WHERE tenant_id = e.tenant_id AND id = e.service_id OFFSET 0) AS v
LEFT JOIN LATERAL (SELECT name FROM staff WHERE tenant_id = e.tenant_id AND id = e.staff_id OFFSET 0) AS s ON true
WHERE e.tenant_id = current_tenant() AND e.status IN ('waiting', 'notified', 'cooldown') ORDER BY e.joined_at, e.id
