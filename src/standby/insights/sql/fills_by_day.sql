-- The same times as in fills.sql, by the day on which they opened in time zone $3; days without any are left out.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
WITH opened AS (
    SELECT h.entity_id AS slot_id, h.at
    FROM history h
    WHERE h.tenant_id = current_tenant() AND h.entity = 'slot' AND h.from_state IS NULL AND h.to_state = 'open'
      AND h.at >= $1 AND h.at < $2
)
SELECT (opened.at AT TIME ZONE $3)::date AS day, count(*) AS opened, count(o.id) AS filled,
       coalesce(sum(sv.price) FILTER (WHERE b.status IN ('confirmed', 'completed')), 0) AS earned
FROM opened
LEFT JOIN LATERAL (
    SELECT * FROM offers
    WHERE tenant_id = current_tenant() AND slot_id = opened.slot_id AND status = 'accepted'
    OFFSET 0
) AS o ON true
LEFT JOIN LATERAL (
    SELECT status, service_id FROM bookings WHERE tenant_id = current_tenant() AND id = o.booking_id OFFSET 0
) AS b ON true
LEFT JOIN services sv ON sv.tenant_id = current_tenant() AND sv.id = b.service_id
GROUP BY 1
ORDER BY 1
