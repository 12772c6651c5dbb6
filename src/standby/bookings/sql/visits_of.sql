-- A customer, how many of their visits are counted, and the first and last of them.
SELECT c.id, c.name, seen.visits, seen.first_at, seen.last_at
FROM customers c
CROSS JOIN LATERAL (
    SELECT count(*) AS visits, min(v.starts_at) AS first_at, max(v.starts_at) AS last_at
    FROM counted_visits v WHERE v.tenant_id = c.tenant_id AND v.customer_id = c.id
) AS seen
WHERE c.tenant_id = current_tenant() AND c.id = $1
