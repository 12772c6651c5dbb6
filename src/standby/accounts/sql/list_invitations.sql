-- Whom the salon has invited, the newest first.
SELECT id, email, role, invited_by, created_at, ends_at FROM invitations
WHERE tenant_id = current_tenant() ORDER BY created_at DESC, id
