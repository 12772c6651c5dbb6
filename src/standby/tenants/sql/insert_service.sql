-- Adds a service.
INSERT INTO services (tenant_id, id, name, duration_minutes, price, created_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5)
