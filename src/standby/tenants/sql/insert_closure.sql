-- Closes a stretch of time.
INSERT INTO closures (tenant_id, id, staff_id, starts_at, ends_at, reason) VALUES (current_tenant(), $1, $2, $3, $4, $5)
