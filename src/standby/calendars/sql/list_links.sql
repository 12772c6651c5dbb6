-- The salon's linked calendars, and how many bookings each has yet to be told of, and why.
SELECT l.id, l.staff_id, s.name AS staff_name, l.kind, l.address, l.writes, l.state, l.failure, l.failures, l.failing_since,
       l.read_at, l.next_read_at, coalesce(e.pending, 0) AS pending_writes, e.failure AS write_failure, l.created_at
FROM calendar_links l
JOIN staff s ON s.tenant_id = l.tenant_id AND s.id = l.staff_id
LEFT JOIN LATERAL (
    SELECT count(*) AS pending, max(e.failure) AS failure FROM calendar_events e
    WHERE e.tenant_id = l.tenant_id AND e.link_id = l.id AND e.written < e.wanted
) e ON true
WHERE l.tenant_id = current_tenant()
ORDER BY s.name, l.created_at, l.id
