-- The best waiting entry for a slot by the full score, or no row. Looks at the heads of six ranges of the index
-- waitlist_entries_ranked (tier × staff wish), so the time it takes does not grow with the list. Locks nothing: the
-- caller's UPDATE does, and looks again when a rival was faster. Must agree with ranking.py; a property test proves it.
-- Of an entry only what that index holds is looked at, so that nothing has to be read of those who are passed by.
-- OFFSET 0 keeps each question a question: made a join, it could be asked of the whole list before the first is found.
-- And it keeps the line a line, read in the index's order until somebody passes: guessing that hardly anybody will, the
-- planner would gather all who can come by another index, ask each one everything, and sort them.
-- ended_at IS NULL says "pending" (a CHECK ties the two) so that the planner takes the customer's offers for the way to
-- those, and not the index of all that are pending.
-- Who declined is a person, not an entry: their other entries, and those they add later, don't bring the slot back.
-- $1 service, $2 staff, $3 starts, $4 ends, $5 weekday, $6 from minute, $7 until minute (the salon's clock), $8 now,
-- $9 slot, $10 customer who freed it or NULL, $11 the policy's channels, $12 messages per day and customer
SELECT head.id, head.customer_id, head.staff_id, head.vip, head.priority_override, head.joined_at
FROM (VALUES (0, $2::uuid), (1, $2), (2, $2),
             (0, '00000000-0000-0000-0000-000000000000'), (1, '00000000-0000-0000-0000-000000000000'),
             (2, '00000000-0000-0000-0000-000000000000')) AS span (tier, wish)
CROSS JOIN LATERAL (
    SELECT e.id, e.customer_id, nullif(e.staff_wish, '00000000-0000-0000-0000-000000000000') AS staff_id, e.vip,
           CASE WHEN e.tier = 2 THEN e.override_rank END AS priority_override, e.joined_at, e.tier
    FROM (SELECT tenant_id, id, customer_id, staff_wish, tier, override_rank, joined_at, vip, earliest, latest, weekdays,
                 from_minute, until_minute
          FROM waitlist_entries
          WHERE tenant_id = current_tenant() AND service_id = $1 AND staff_wish = span.wish AND tier = span.tier
            AND status = 'waiting'
          ORDER BY override_rank DESC, joined_at, id
          OFFSET 0) AS e
    WHERE e.earliest <= $3 AND e.latest >= $4
      AND $5 = ANY (e.weekdays) AND e.from_minute <= $6 AND e.until_minute >= $7
      AND e.customer_id IS DISTINCT FROM $10
      AND EXISTS (SELECT FROM customers c
                  WHERE c.tenant_id = e.tenant_id AND c.id = e.customer_id AND c.channels && $11::text[]
                  OFFSET 0)
      AND NOT EXISTS (SELECT FROM offers o
                      WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id AND o.slot_id = $9
                        AND (o.status = 'declined' OR o.reason = 'undelivered')
                      OFFSET 0)
      AND NOT EXISTS (SELECT FROM bookings b
                      WHERE b.tenant_id = e.tenant_id AND b.customer_id = e.customer_id AND b.status = 'confirmed'
                        AND b.starts_at < $4 AND b.ends_at > $3
                      OFFSET 0)
      AND NOT EXISTS (SELECT FROM offers o
                      JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
                      WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id AND o.ended_at IS NULL
                        AND s.starts_at < $4 AND s.ends_at > $3
                      OFFSET 0)
      AND (SELECT count(*) FROM messages m
           WHERE m.tenant_id = e.tenant_id AND m.customer_id = e.customer_id
             AND m.created_at > $8::timestamptz - interval '24 hours') < $12::integer
    LIMIT 1
) AS head
ORDER BY CASE WHEN head.tier = 2 THEN head.priority_override
              ELSE 45 + CASE WHEN head.vip THEN 15 ELSE 0 END + CASE WHEN head.staff_id = $2 THEN 10 ELSE 0 END
                   + least(20, greatest(0, floor(extract(epoch FROM $8 - head.joined_at) / 604800)))
         END DESC, head.joined_at, head.id
LIMIT 1
