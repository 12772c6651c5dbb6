-- Who is on the list, by score and then by wait, from a cursor on. The score is place_of_entry.sql's (ranking.standing): all
-- of it but the points for a staff wish. Within a tier that is the order of the index waitlist_entries_active, so the first
-- of each are enough, whatever the length of the list.
-- $1 status or "active", $2 service, $3 staff wish (zeros: anyone), $4 part of a name in small letters, $5 part of a phone
-- number (each or NULL), $6 as of when, $7 to $9 the cursor (score, joined, id) or NULL, $10 how many
SELECT head.id
FROM (VALUES (0), (1), (2)) AS tiers (tier)
CROSS JOIN LATERAL (
    SELECT e.id, e.joined_at, counted.score
    FROM waitlist_entries e
    CROSS JOIN LATERAL (
        SELECT CASE e.tier WHEN 2 THEN e.override_rank
                           ELSE CASE e.tier WHEN 1 THEN 60 ELSE 45 END
                                + least(20, greatest(0, floor(extract(epoch FROM $6::timestamptz - e.joined_at) / 604800)))::integer
               END AS score) AS counted
    WHERE e.tenant_id = current_tenant() AND e.ended_at IS NULL AND e.tier = tiers.tier
      AND ($1::text = 'active' OR e.status = $1) AND ($2::uuid IS NULL OR e.service_id = $2)
      AND ($3::uuid IS NULL OR e.staff_wish = $3)
      AND ($4::text IS NULL AND $5::text IS NULL OR e.customer_id IN (
           SELECT c.id FROM customers c
           WHERE c.tenant_id = current_tenant() AND (strpos(lower(c.name), $4) > 0 OR strpos(c.phone, $5) > 0)))
      AND ($7::integer IS NULL OR counted.score < $7
           OR counted.score = $7 AND (e.joined_at, e.id) > ($8::timestamptz, $9::uuid))
    ORDER BY e.override_rank DESC, e.joined_at, e.id
    LIMIT $10
) AS head
ORDER BY head.score DESC, head.joined_at, head.id
LIMIT $10
