-- Closes a stretch of time; asked for again with the same id, nothing is added. No row: there is one with it.
INSERT INTO closures (tenant_id, id, staff_id, starts_at, ends_at, reason) VALUES (current_tenant(), $1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, id) DO NOTHING RETURNING id
