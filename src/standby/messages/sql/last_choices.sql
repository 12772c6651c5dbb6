-- The offers between which a customer was last asked to choose, in the order in which they were listed.
SELECT details -> 'choices' FROM messages
WHERE tenant_id = current_tenant() AND customer_id = $1 AND kind = 'which_one'
ORDER BY created_at DESC, id DESC LIMIT 1
