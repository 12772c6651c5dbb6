-- What makes a user's codes, and since when they are asked for. Locked: of two that show one code the second comes after.
SELECT totp_secret, totp_since FROM users WHERE id = $1 FOR UPDATE
