-- How many wait ahead of an entry for the same service by their scores, without the part for a staff wish, which depends
-- on the slot; and how many places the waitlist filled for that service in the last 28 days.
-- Within a tier (override, VIP, the rest) the order by score is the index's, so those ahead are the first of each. $3 of
-- each tier are looked at: it takes the same time for any length, and a count below $3 is exact.
-- $1 entry, $2 now, $3 the most that is counted
WITH me AS (
    SELECT tenant_id, id, service_id, tier, override_rank, joined_at
    FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = $1
), line AS (
    SELECT head.* FROM me CROSS JOIN (VALUES (0), (1), (2)) AS tiers (tier)
    CROSS JOIN LATERAL (
        SELECT e.id, e.tier, e.override_rank, e.joined_at
        FROM waitlist_entries e
        WHERE e.tenant_id = me.tenant_id AND e.service_id = me.service_id AND e.status = 'waiting'
          AND e.tier = tiers.tier
        ORDER BY e.override_rank DESC, e.joined_at, e.id
        LIMIT $3
    ) AS head
    WHERE head.id <> me.id
    UNION ALL
    SELECT id, tier, override_rank, joined_at FROM me
), scored AS (
    SELECT id, joined_at,
           CASE WHEN tier = 2 THEN override_rank
                ELSE 45 + CASE WHEN tier = 1 THEN 15 ELSE 0 END
                     + least(20, greatest(0, floor(extract(epoch FROM $2 - joined_at) / 604800)))
           END AS score
    FROM line
)
SELECT (SELECT count(*)
        FROM scored other, scored mine
        WHERE mine.id = me.id
          AND (other.score > mine.score
               OR (other.score = mine.score AND (other.joined_at, other.id) < (mine.joined_at, mine.id)))) AS ahead,
       (SELECT count(*)
        FROM (SELECT FROM bookings b
              WHERE b.tenant_id = me.tenant_id AND b.service_id = me.service_id AND b.source = 'waitlist'
                AND b.created_at > $2::timestamptz - interval '28 days' AND b.created_at <= $2
              LIMIT 10000) AS recent) AS filled
FROM me
