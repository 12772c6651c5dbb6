-- Keeps what will make a user's codes, unless codes are asked for already. No row: they are.
UPDATE users SET totp_secret = $2, totp_counter = 0 WHERE id = $1 AND totp_since IS NULL RETURNING id
