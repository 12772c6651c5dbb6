-- An invitation that is good at $2. Locked: it is taken once.
SELECT id, email, role, invited_by, created_at, ends_at FROM invitations
WHERE tenant_id = current_tenant() AND id = $1 AND ends_at > $2 FOR UPDATE
