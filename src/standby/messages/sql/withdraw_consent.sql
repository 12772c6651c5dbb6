-- Writes down that a customer ($2) wants a channel ($3) no more, and closes it. Nothing happens when they have agreed
-- again after that ($5), or when as much is known of a closed channel. True: it was open. The customer is locked.
WITH word AS (
    INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
    SELECT current_tenant(), $1, c.id, $3, false, '', $4, $5
    FROM customers c
    WHERE c.tenant_id = current_tenant() AND c.id = $2
      AND NOT EXISTS (SELECT FROM consents g WHERE g.tenant_id = current_tenant() AND g.customer_id = c.id
                      AND g.channel = $3 AND g.granted AND g.at > $5)
      AND ($3 = ANY (c.channels)
           OR NOT EXISTS (SELECT FROM consents w WHERE w.tenant_id = current_tenant() AND w.customer_id = c.id
                          AND w.channel = $3 AND NOT w.granted AND w.at >= $5))
    RETURNING customer_id, channel
)
UPDATE customers c SET channels = array_remove(c.channels, word.channel)
FROM word
WHERE c.tenant_id = current_tenant() AND c.id = word.customer_id AND word.channel = ANY (c.channels)
RETURNING true
