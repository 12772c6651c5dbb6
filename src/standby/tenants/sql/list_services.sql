-- All services.
SELECT id, name, duration_minutes, price, active, buffer_before_minutes, buffer_after_minutes
FROM services WHERE tenant_id = current_tenant() ORDER BY name
