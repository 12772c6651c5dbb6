-- Whether the transaction's account operates the installation.
SELECT is_operator FROM users WHERE id = $1
