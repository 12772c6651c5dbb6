-- Who waits.
SELECT coalesce(c.phone, c.email) AS customer, v.name AS service, s.name AS staff, e.earliest, e.latest,
       (SELECT string_agg((ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[day], ', ' ORDER BY day)
        FROM unnest(e.weekdays) AS day) AS weekdays,
       CASE WHEN e.from_minute > 0
            THEN to_char(make_time(e.from_minute / 60, e.from_minute % 60, 0), 'HH24:MI') END AS from,
       CASE WHEN e.until_minute < 1440
            THEN to_char(make_time(e.until_minute / 60, e.until_minute % 60, 0), 'HH24:MI') END AS until,
       e.vip, e.priority_override AS priority, e.joined_at AS joined
FROM waitlist_entries e
JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
JOIN services v ON v.tenant_id = e.tenant_id AND v.id = e.service_id
LEFT JOIN staff s ON s.tenant_id = e.tenant_id AND s.id = e.staff_id
WHERE e.tenant_id = current_tenant() AND e.status IN ('waiting', 'notified', 'cooldown') ORDER BY e.joined_at, e.id
