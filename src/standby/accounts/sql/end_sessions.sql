-- Ends a user's sessions, all but one ($2; NULL: all).
DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2
