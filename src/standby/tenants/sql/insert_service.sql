-- Adds a service.
INSERT INTO services (tenant_id, id, name, duration_minutes, price, created_at, buffer_before_minutes,
                      buffer_after_minutes)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
