-- Forgets what a staff member does.
DELETE FROM staff_services WHERE tenant_id = current_tenant() AND staff_id = $1
