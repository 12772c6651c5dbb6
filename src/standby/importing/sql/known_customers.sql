-- All customers, each with the channels that their last word on was no.
-- OFFSET 0 has the planner look each one's consents up: made a join, it may hold all against all.
SELECT c.id, c.name, c.phone, c.email, c.vip, c.channels, coalesce(no.channels, '{}') AS withdrawn
FROM customers c
CROSS JOIN LATERAL (
    SELECT array_agg(channel) AS channels
    FROM (SELECT DISTINCT ON (channel) channel, granted
          FROM consents
          WHERE tenant_id = current_tenant() AND customer_id = c.id
          ORDER BY channel, at DESC, id DESC) AS newest
    WHERE NOT granted
    OFFSET 0
) AS no
WHERE c.tenant_id = current_tenant()
