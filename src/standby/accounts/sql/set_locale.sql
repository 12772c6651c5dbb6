-- The language that a user reads in.
UPDATE users SET locale = $2 WHERE id = $1
