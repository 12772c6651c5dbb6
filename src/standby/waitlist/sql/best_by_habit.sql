-- As best_candidate.sql, but ties go to habit before the wait: of those with the best score, the 50 who have waited
-- longest (ranking.MOST_TIED) are compared by how much of the slot is a favourite of theirs. As those who tie stand
-- together at the head of each of the six ranges, the first 50 of each are enough, and the time this takes does not grow
-- with the list either. Locks nothing, and must agree with ranking.py. Who may have the slot is asked as it is there, and
-- for the reasons given there.
-- $1 service, $2 staff, $3 starts, $4 ends, $5 weekday, $6 from minute, $7 until minute (the salon's clock), $8 now,
-- $9 slot, $10 customer who freed it or NULL, $11 the policy's channels, $12 messages per day and customer
WITH head AS MATERIALIZED (
    SELECT one.*, CASE WHEN one.tier = 2 THEN one.priority_override
                       ELSE 45 + CASE WHEN one.vip THEN 15 ELSE 0 END + CASE WHEN one.staff_id = $2 THEN 10 ELSE 0 END
                            + least(20, greatest(0, floor(extract(epoch FROM $8 - one.joined_at) / 604800)))
                  END AS score
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
        LIMIT 50
    ) AS one
), tied AS (
    SELECT * FROM head WHERE score = (SELECT max(score) FROM head)
    ORDER BY joined_at, id
    LIMIT 50
)
SELECT tied.id, tied.customer_id, tied.staff_id, tied.vip, tied.priority_override, tied.joined_at, habit.favourites
FROM tied
CROSS JOIN LATERAL (
    SELECT ARRAY(SELECT ARRAY[p.aspect, p.value] FROM preferences p
                 WHERE p.tenant_id = current_tenant() AND p.customer_id = tied.customer_id AND p.favourite
                   AND (p.aspect = 'service' AND p.value = $1::text OR p.aspect = 'staff' AND p.value = $2::text
                        OR p.aspect = 'weekday' AND p.value = $5::text
                        OR p.aspect = 'hour' AND p.value = ($6 / 60)::text)) AS favourites
) AS habit
ORDER BY cardinality(habit.favourites) DESC, tied.joined_at, tied.id
LIMIT 1
