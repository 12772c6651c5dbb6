-- Ends one session of the account, and its refresh tokens with it.
DELETE FROM sessions WHERE id = $1 AND user_id = current_account() RETURNING id
