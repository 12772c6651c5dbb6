-- The salon's week, and a staff member's own.
SELECT false AS own, weekday, opens_minute, closes_minute FROM business_hours WHERE tenant_id = current_tenant()
UNION ALL
SELECT true, weekday, opens_minute, closes_minute FROM staff_hours WHERE tenant_id = current_tenant() AND staff_id = $1
