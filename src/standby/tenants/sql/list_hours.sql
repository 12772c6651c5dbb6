-- The week's opening hours.
SELECT weekday, opens_minute, closes_minute FROM business_hours
WHERE tenant_id = current_tenant() ORDER BY weekday, opens_minute
