-- Invites somebody; an invitation that they have gives way, and its link with it (it names the old id).
INSERT INTO invitations (tenant_id, id, email, role, invited_by, created_at, ends_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, email) DO UPDATE
SET id = excluded.id, role = excluded.role, invited_by = excluded.invited_by, created_at = excluded.created_at,
    ends_at = excluded.ends_at
RETURNING tenant_id
