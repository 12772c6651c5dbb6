-- Keeps the same password hashed by today's parameters ($3), unless it was changed meanwhile ($2: what it was).
UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2
