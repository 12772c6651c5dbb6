-- Whose reply it is: theirs who got the message with the offer that it answers, or theirs whose number ($1) it came from.
-- $2 the provider's id of the message that it answers, $3 the offer of the tapped button
SELECT coalesce(
    (SELECT m.customer_id FROM messages m
     WHERE m.tenant_id = current_tenant() AND m.offer_id = $3 AND m.provider_id = $2 LIMIT 1),
    (SELECT c.id FROM customers c WHERE c.tenant_id = current_tenant() AND c.phone = $1))
