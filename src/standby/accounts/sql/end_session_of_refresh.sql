-- Ends the session that a refresh token belongs to, and all of its tokens.
DELETE FROM sessions s USING refresh_tokens r WHERE r.token_hash = $1 AND s.id = r.session_id
