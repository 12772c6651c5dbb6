-- Another cookie for a session.
UPDATE sessions SET token_hash = $2 WHERE id = $1
