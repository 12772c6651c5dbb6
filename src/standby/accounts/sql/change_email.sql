-- Gives a user another email, whose mailbox they have shown to be theirs. It fails (unique) if it is somebody's already.
UPDATE users SET email = $2, verified_at = $3 WHERE id = $1
