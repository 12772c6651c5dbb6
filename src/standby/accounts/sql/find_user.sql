-- What sign-in has to know of the transaction's account.
SELECT id, email, locale, password_hash, totp_since IS NOT NULL AS has_factor FROM users WHERE id = $1
