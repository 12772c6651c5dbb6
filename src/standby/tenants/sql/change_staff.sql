-- Changes a staff member. No row: there is no such one.
UPDATE staff SET name = $2, active = $3 WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
