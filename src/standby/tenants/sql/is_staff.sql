-- Whether there is such a staff member.
SELECT EXISTS (SELECT FROM staff WHERE tenant_id = current_tenant() AND id = $1)
