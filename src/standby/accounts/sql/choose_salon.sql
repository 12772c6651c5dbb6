-- Another salon for a session, and another cookie.
UPDATE sessions SET tenant_id = $2, token_hash = $3 WHERE id = $1
