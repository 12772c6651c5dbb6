-- A staff member's own week.
SELECT weekday, opens_minute, closes_minute FROM staff_hours
WHERE tenant_id = current_tenant() AND staff_id = $1 ORDER BY weekday, opens_minute
