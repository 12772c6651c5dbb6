-- What a member is. No row: they are none.
SELECT role FROM memberships WHERE tenant_id = current_tenant() AND user_id = $1
