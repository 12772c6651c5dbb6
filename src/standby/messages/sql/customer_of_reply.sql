-- Whose reply it is: theirs who got the message that it answers, or theirs whose number ($1) it came from.
-- $2 the provider's id of the message that it answers
SELECT coalesce(
    (SELECT m.customer_id FROM messages m
     WHERE m.tenant_id = current_tenant() AND m.channel = 'whatsapp' AND m.provider_id = $2 LIMIT 1),
    (SELECT c.id FROM customers c WHERE c.tenant_id = current_tenant() AND c.phone = $1))
