-- Makes a user a member of the salon. No row: they are one.
INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES (current_tenant(), $1, $2, $3)
ON CONFLICT (tenant_id, user_id) DO NOTHING
RETURNING user_id
