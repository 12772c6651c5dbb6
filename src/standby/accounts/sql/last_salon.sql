-- In which of these salons ($1) the account was last, by the browsers where it is signed in. No row: in none.
SELECT tenant_id FROM sessions
WHERE user_id = current_account() AND token_hash IS NOT NULL AND tenant_id = ANY ($1::uuid[])
ORDER BY seen_at DESC, id DESC LIMIT 1
