-- All customers, each with the channels that their last word on was no.
SELECT c.id, c.name, c.phone, c.email, c.vip, c.channels, coalesce(no.channels, '{}') AS withdrawn
FROM customers c
LEFT JOIN (
    SELECT customer_id, array_agg(channel) AS channels
    FROM (SELECT DISTINCT ON (customer_id, channel) customer_id, channel, granted
          FROM consents
          WHERE tenant_id = current_tenant()
          ORDER BY customer_id, channel, at DESC, id DESC) AS newest
    WHERE NOT granted
    GROUP BY customer_id
) AS no ON no.customer_id = c.id
WHERE c.tenant_id = current_tenant()
