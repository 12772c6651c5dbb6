-- One opening of one weekday.
INSERT INTO business_hours (tenant_id, id, weekday, opens_minute, closes_minute)
VALUES (current_tenant(), $1, $2, $3, $4)
