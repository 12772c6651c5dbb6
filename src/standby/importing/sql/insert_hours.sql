-- Adds opening hours.
INSERT INTO business_hours (tenant_id, id, weekday, opens_minute, closes_minute)
SELECT current_tenant(), id, weekday, opens, closes
FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::smallint[]) AS given (id, weekday, opens, closes)
