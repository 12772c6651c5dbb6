-- The refresh token that is good next.
INSERT INTO refresh_tokens (token_hash, user_id, session_id) VALUES ($1, $2, $3)
