-- Adds one opening to a staff member's own week.
INSERT INTO staff_hours (tenant_id, staff_id, weekday, opens_minute, closes_minute)
VALUES (current_tenant(), $1, $2, $3, $4)
