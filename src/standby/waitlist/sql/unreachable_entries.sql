-- Who waits and can't be reached by any channel that the salon uses ($1), in the order of the index waitlist_entries_active: of
-- the first thousand, for of a long list those far behind are asked for nothing soon, and each has to be looked at.
-- OFFSET 0 keeps the question one that is asked of each entry: made a join, the planner may ask it of all pairs.
SELECT e.id, c.name AS customer_name, e.joined_at
FROM (
    SELECT id, tenant_id, customer_id, joined_at, tier, override_rank
    FROM waitlist_entries
    WHERE tenant_id = current_tenant() AND ended_at IS NULL
    ORDER BY tier, override_rank DESC, joined_at, id
    LIMIT 1000
) AS e
CROSS JOIN LATERAL (
    SELECT name FROM customers
    WHERE tenant_id = e.tenant_id AND id = e.customer_id AND NOT channels && $1::text[]
    OFFSET 0
) AS c
ORDER BY e.tier, e.override_rank DESC, e.joined_at, e.id
LIMIT $2
