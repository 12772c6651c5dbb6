-- A channel that its calendar has yet to be asked for.
INSERT INTO calendar_pushes (tenant_id, id, link_id, token_hash, expires_at) VALUES (current_tenant(), $1, $2, $3, $4)
