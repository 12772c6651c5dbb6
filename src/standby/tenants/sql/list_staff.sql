-- All staff members, with the ids of their services.
SELECT s.id, s.name, s.active, ARRAY(SELECT x.service_id FROM staff_services x
                                     WHERE x.tenant_id = s.tenant_id AND x.staff_id = s.id ORDER BY 1) AS services
FROM staff s WHERE s.tenant_id = current_tenant() ORDER BY s.name
