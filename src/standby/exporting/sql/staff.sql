-- The staff members, each with the names of what they do.
SELECT s.name, s.active, (SELECT string_agg(v.name, ' | ' ORDER BY v.name)
                          FROM staff_services x
                          JOIN services v ON v.tenant_id = x.tenant_id AND v.id = x.service_id
                          WHERE x.tenant_id = s.tenant_id AND x.staff_id = s.id) AS services
FROM staff s WHERE s.tenant_id = current_tenant() ORDER BY s.name
