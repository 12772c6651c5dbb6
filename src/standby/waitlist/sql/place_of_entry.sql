-- How many wait ahead of an entry for the same service, counted among the first $3 of the line (so it takes the same
-- time for any length), and how many places the waitlist filled for that service in the last 28 days.
WITH me AS (
    SELECT tenant_id, id, service_id, tier, override_rank, joined_at
    FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = $1
)
SELECT (SELECT count(*)
        FROM (SELECT e.id, e.tier, e.override_rank, e.joined_at
              FROM waitlist_entries e
              WHERE e.tenant_id = me.tenant_id AND e.service_id = me.service_id AND e.status = 'waiting'
              ORDER BY e.tier DESC, e.override_rank DESC, e.joined_at, e.id
              LIMIT $3) AS head
        WHERE head.id <> me.id
          AND (-head.tier, -head.override_rank, head.joined_at, head.id)
              < (-me.tier, -me.override_rank, me.joined_at, me.id)) AS ahead,
       (SELECT count(*)
        FROM (SELECT FROM bookings b
              WHERE b.tenant_id = me.tenant_id AND b.service_id = me.service_id AND b.source = 'waitlist'
                AND b.created_at > $2::timestamptz - interval '28 days' AND b.created_at <= $2
              LIMIT 10000) AS recent) AS filled
FROM me
