-- All services.
SELECT id, name, duration_minutes, price, active FROM services WHERE tenant_id = current_tenant() ORDER BY name
