-- The email of the transaction's account.
SELECT email FROM users WHERE id = $1
