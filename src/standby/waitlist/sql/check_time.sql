-- Can this staff member do this service, and what does it take? Locks the staff member, so that two who want the same
-- time look at it one after the other. $3: the service need not be offered any more.
WITH member AS MATERIALIZED (
    SELECT id FROM staff WHERE tenant_id = current_tenant() AND id = $2 AND active FOR NO KEY UPDATE
)
SELECT service.duration_minutes, service.buffer_before_minutes, service.buffer_after_minutes,
       EXISTS (SELECT FROM member) AS staff,
       EXISTS (SELECT FROM staff_services
               WHERE tenant_id = current_tenant() AND staff_id = $2 AND service_id = $1) AS fits
FROM (VALUES (true)) AS always
LEFT JOIN services service ON service.tenant_id = current_tenant() AND service.id = $1 AND (service.active OR $3)
