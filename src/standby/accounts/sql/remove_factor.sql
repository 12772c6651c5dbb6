-- No codes are asked for any more.
UPDATE users SET totp_secret = NULL, totp_since = NULL, totp_counter = 0 WHERE id = $1
