-- Adds a user. No row: the address is somebody's already, in whatever capitals.
INSERT INTO users (id, email, password_hash, verified_at, locale, created_at) VALUES ($1, $2, $3, $4, $5, $4)
ON CONFLICT (lower(email)) DO NOTHING
RETURNING id
