-- Keeps the hash of a user's new password.
UPDATE users SET password_hash = $2 WHERE id = $1
