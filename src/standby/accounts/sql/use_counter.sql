-- Uses up a code and all before it. No row: it was used.
UPDATE users SET totp_counter = $2 WHERE id = $1 AND totp_counter < $2 RETURNING id
