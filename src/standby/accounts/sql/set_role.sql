-- Makes a member something else.
UPDATE memberships SET role = $2 WHERE tenant_id = current_tenant() AND user_id = $1
