-- The services.
SELECT name, duration_minutes || ' min' AS duration, price, active FROM services WHERE tenant_id = current_tenant() ORDER BY name
