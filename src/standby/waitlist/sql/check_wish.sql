-- Do the service and the staff member exist, and does one offer the other?
SELECT EXISTS (SELECT FROM services WHERE tenant_id = current_tenant() AND id = $1 AND active) AS service,
       EXISTS (SELECT FROM staff WHERE tenant_id = current_tenant() AND id = $2::uuid AND active) AS staff,
       EXISTS (SELECT FROM staff_services
               WHERE tenant_id = current_tenant() AND staff_id = $2::uuid AND service_id = $1) AS fits
