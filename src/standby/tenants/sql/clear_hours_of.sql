-- Forgets a staff member's own week.
DELETE FROM staff_hours WHERE tenant_id = current_tenant() AND staff_id = $1
