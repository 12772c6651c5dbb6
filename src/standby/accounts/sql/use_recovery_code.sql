-- Uses up a recovery code. No row: it is none of theirs, or was used.
UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING code_hash
