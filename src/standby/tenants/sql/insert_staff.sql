-- Adds a staff member.
INSERT INTO staff (tenant_id, id, name, created_at) VALUES (current_tenant(), $1, $2, $3)
