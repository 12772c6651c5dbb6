-- What became of the times that opened from $1 until before $2, by a cancellation, a move or a hand, now: how many were
-- booked through an offer, how long after they had opened, and how long those had waited who booked them (seconds: the
-- median, and within which 90 % were). Earned is what wasn't cancelled and didn't end as a no-show, at its service's price.
-- OFFSET 0 has the planner look each one up: made a join, it may hold a list against a list.
WITH opened AS (
    SELECT h.entity_id AS slot_id, h.at
    FROM history h
    WHERE h.tenant_id = current_tenant() AND h.entity = 'slot' AND h.from_state IS NULL AND h.to_state = 'open'
      AND h.at >= $1 AND h.at < $2
)
SELECT count(*) AS opened, count(o.id) AS filled, count(*) FILTER (WHERE s.status IN ('open', 'held')) AS still_open,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM o.ended_at - opened.at)::float8)
           AS filled_after,
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM o.ended_at - e.joined_at)::float8)
           AS waited,
       count(*) FILTER (WHERE b.status IN ('confirmed', 'completed')) AS kept,
       coalesce(sum(sv.price) FILTER (WHERE b.status IN ('confirmed', 'completed')), 0) AS earned,
       count(*) FILTER (WHERE b.status IN ('confirmed', 'completed') AND sv.price IS NULL) AS without_price
FROM opened
JOIN slots s ON s.tenant_id = current_tenant() AND s.id = opened.slot_id
LEFT JOIN LATERAL (
    SELECT * FROM offers WHERE tenant_id = s.tenant_id AND slot_id = s.id AND status = 'accepted' OFFSET 0
) AS o ON true
LEFT JOIN LATERAL (
    SELECT joined_at FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = o.entry_id OFFSET 0
) AS e ON true
LEFT JOIN LATERAL (
    SELECT status, service_id FROM bookings WHERE tenant_id = current_tenant() AND id = o.booking_id OFFSET 0
) AS b ON true
LEFT JOIN services sv ON sv.tenant_id = current_tenant() AND sv.id = b.service_id
