-- The code was right: it is used up, and the token takes its place.
UPDATE verifications SET ended_at = $4, token_hash = $2, token_expires_at = $3, code_hash = NULL
WHERE tenant_id = current_tenant() AND id = $1
