-- From now on codes are asked for.
UPDATE users SET totp_since = $2 WHERE id = $1
