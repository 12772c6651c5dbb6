-- The own weeks of all staff members.
SELECT staff_id, weekday, opens_minute, closes_minute FROM staff_hours
WHERE tenant_id = current_tenant() ORDER BY staff_id, weekday, opens_minute
