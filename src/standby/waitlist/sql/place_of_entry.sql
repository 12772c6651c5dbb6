-- How many wait ahead of an entry for the same service by their scores, without the part for a staff wish, which depends
-- on the slot; and how many places the waitlist filled for that service in the last 28 days.
-- Within a tier (override, VIP, the rest) the order by score is the index's, so those ahead are the first of each. $3 of
-- each tier are looked at: it takes the same time for any length, and a count below $3 is exact. They aren't scored one
-- by one: points grow by one a week, so two dates say who of a tier has more points than this entry, and who as many.
-- $1 entry, $2 now, $3 the most that is counted
WITH me AS (
    SELECT tenant_id, id, service_id, joined_at,
           CASE tier WHEN 2 THEN override_rank
                     ELSE CASE tier WHEN 1 THEN 60 ELSE 45 END
                          + least(20, greatest(0, floor(extract(epoch FROM $2 - joined_at) / 604800)))::integer
           END AS score
    FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = $1
), tiers AS (
    SELECT tier,
           CASE WHEN weeks < 0 THEN 'infinity' WHEN weeks >= 20 THEN '-infinity'
                ELSE $2 - make_interval(hours => 168 * (weeks + 1)) END AS more_since,
           CASE WHEN weeks <= 0 THEN 'infinity' WHEN weeks > 20 THEN '-infinity'
                ELSE $2 - make_interval(hours => 168 * weeks) END AS as_many_since
    FROM me
    CROSS JOIN (VALUES (0, 45), (1, 60), (2, 0)) AS fresh (tier, points)
    CROSS JOIN LATERAL (SELECT me.score - points AS weeks) AS missing
)
SELECT (SELECT count(*)
        FROM tiers CROSS JOIN LATERAL (
            SELECT e.id, e.override_rank, e.joined_at
            FROM waitlist_entries e
            WHERE e.tenant_id = me.tenant_id AND e.service_id = me.service_id AND e.status = 'waiting'
              AND e.tier = tiers.tier AND e.ended_at IS NULL
            ORDER BY e.override_rank DESC, e.joined_at, e.id
            LIMIT $3
        ) AS head
        WHERE head.id <> me.id
          AND CASE tiers.tier
              WHEN 2 THEN (-head.override_rank, head.joined_at, head.id) < (-me.score, me.joined_at, me.id)
              ELSE head.joined_at <= tiers.more_since
                   OR (head.joined_at <= tiers.as_many_since AND (head.joined_at, head.id) < (me.joined_at, me.id))
              END) AS ahead,
       (SELECT count(*)
        FROM (SELECT FROM bookings b
              WHERE b.tenant_id = me.tenant_id AND b.service_id = me.service_id AND b.source = 'waitlist'
                AND b.created_at > $2::timestamptz - interval '28 days' AND b.created_at <= $2
              LIMIT 10000) AS recent) AS filled
FROM me
