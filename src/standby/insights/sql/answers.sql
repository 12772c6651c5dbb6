-- How offers of the times of fills.sql ended that a provider had taken, by the channel that they went out by and the hour at
-- which they did in time zone $3. Those that were withdrawn or wait for an answer are left out.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
WITH opened AS (
    SELECT h.entity_id AS slot_id
    FROM history h
    WHERE h.tenant_id = current_tenant() AND h.entity = 'slot' AND h.from_state IS NULL AND h.to_state = 'open'
      AND h.at >= $1 AND h.at < $2
)
SELECT m.channel, extract(hour FROM o.sent_at AT TIME ZONE $3)::integer AS hour,
       count(*) FILTER (WHERE o.status = 'accepted') AS accepted,
       count(*) FILTER (WHERE o.status = 'declined') AS declined,
       count(*) FILTER (WHERE o.status = 'expired') AS unanswered
FROM opened
CROSS JOIN LATERAL (
    SELECT * FROM offers
    WHERE tenant_id = current_tenant() AND slot_id = opened.slot_id
      AND status IN ('accepted', 'declined', 'expired') AND sent_at IS NOT NULL
    OFFSET 0
) AS o
CROSS JOIN LATERAL (
    SELECT channel FROM messages WHERE tenant_id = o.tenant_id AND offer_id = o.id AND kind = 'offer' OFFSET 0
) AS m
GROUP BY 1, 2
ORDER BY 1, 2
