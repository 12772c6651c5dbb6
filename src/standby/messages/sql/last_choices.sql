-- The offers between which a customer ($1) was last asked to choose before they wrote ($2), in the order in which they
-- were listed; a question from before $3 is forgotten.
SELECT details -> 'choices' FROM messages
WHERE tenant_id = current_tenant() AND customer_id = $1 AND kind = 'which_one' AND created_at > $3 AND created_at <= $2
ORDER BY created_at DESC, id DESC LIMIT 1
