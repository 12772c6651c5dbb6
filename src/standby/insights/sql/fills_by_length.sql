-- Of the times of fills.sql that were booked through an offer: how many in which class of time to fill, and in which class
-- of waiting time. A class is the number of bounds ($3, $4: seconds, rising) that were reached.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
WITH opened AS (
    SELECT h.entity_id AS slot_id, h.at
    FROM history h
    WHERE h.tenant_id = current_tenant() AND h.entity = 'slot' AND h.from_state IS NULL AND h.to_state = 'open'
      AND h.at >= $1 AND h.at < $2
)
SELECT width_bucket(extract(epoch FROM o.ended_at - opened.at)::float8, $3::float8[]) AS fill_class,
       width_bucket(extract(epoch FROM o.ended_at - e.joined_at)::float8, $4::float8[]) AS wait_class, count(*) AS filled
FROM opened
CROSS JOIN LATERAL (
    SELECT * FROM offers
    WHERE tenant_id = current_tenant() AND slot_id = opened.slot_id AND status = 'accepted'
    OFFSET 0
) AS o
CROSS JOIN LATERAL (
    SELECT joined_at FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = o.entry_id OFFSET 0
) AS e
GROUP BY 1, 2
ORDER BY 1, 2
