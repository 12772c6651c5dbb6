-- Can this staff member do this service, and how long does it take?
SELECT (SELECT duration_minutes FROM services WHERE tenant_id = current_tenant() AND id = $1 AND active),
       EXISTS (SELECT FROM staff WHERE tenant_id = current_tenant() AND id = $2 AND active) AS staff,
       EXISTS (SELECT FROM staff_services
               WHERE tenant_id = current_tenant() AND staff_id = $2 AND service_id = $1) AS fits
