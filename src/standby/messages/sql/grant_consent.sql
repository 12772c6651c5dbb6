-- Writes down that a customer ($2) agrees to a channel ($3), opens it, and has the open slots filled that they wait for.
-- Nothing happens when there is no address to reach them by, when they have said no after that ($6), or when as much is
-- known of an open channel. opened: it was closed. The customer is locked.
WITH word AS (
    INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
    SELECT current_tenant(), $1, c.id, $3, true, $4, $5, $6
    FROM customers c
    WHERE c.tenant_id = current_tenant() AND c.id = $2
      AND CASE $3 WHEN 'email' THEN c.email ELSE c.phone END IS NOT NULL
      AND NOT EXISTS (SELECT FROM consents w WHERE w.tenant_id = current_tenant() AND w.customer_id = c.id
                      AND w.channel = $3 AND NOT w.granted AND w.at > $6)
      AND ($3 <> ALL (c.channels)
           OR NOT EXISTS (SELECT FROM consents g WHERE g.tenant_id = current_tenant() AND g.customer_id = c.id
                          AND g.channel = $3 AND g.granted AND g.at >= $6))
    RETURNING customer_id, channel
), opened AS (
    UPDATE customers c SET channels = c.channels || word.channel
    FROM word
    WHERE c.tenant_id = current_tenant() AND c.id = word.customer_id AND word.channel <> ALL (c.channels)
    RETURNING c.id
)
SELECT EXISTS (SELECT FROM opened) AS opened,
       (SELECT count(refill_for(e.id, $6)) FROM opened
        JOIN waitlist_entries e ON e.tenant_id = current_tenant() AND e.customer_id = opened.id
        WHERE e.status = 'waiting') AS waiting
