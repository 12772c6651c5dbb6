-- Uses up a refresh token of a session that goes on. No row: it was used before, or the session has ended.
WITH used AS (
    UPDATE refresh_tokens r SET used_at = $2
    FROM sessions s
    WHERE r.token_hash = $1 AND r.used_at IS NULL AND s.id = r.session_id AND s.ends_at > $2
    RETURNING s.id, s.tenant_id
)
UPDATE sessions s SET seen_at = $2 FROM used WHERE s.id = used.id RETURNING used.id, used.tenant_id
