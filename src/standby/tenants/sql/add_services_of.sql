-- Says what a staff member does.
INSERT INTO staff_services (tenant_id, staff_id, service_id) SELECT current_tenant(), $1, unnest($2::uuid[])
