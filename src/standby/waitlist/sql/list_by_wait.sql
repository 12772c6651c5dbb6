-- Who is on the list, the longest wait first, from a cursor on.
-- $1 status or "active", $2 service, $3 staff wish (zeros: anyone), $4 part of a name in small letters, $5 part of a phone
-- number (each or NULL), $6 and $7 the cursor (joined_at, id) or NULL, $8 how many
SELECT e.id
FROM waitlist_entries e
WHERE e.tenant_id = current_tenant() AND e.ended_at IS NULL
  AND ($1::text = 'active' OR e.status = $1) AND ($2::uuid IS NULL OR e.service_id = $2)
  AND ($3::uuid IS NULL OR e.staff_wish = $3)
  AND ($4::text IS NULL AND $5::text IS NULL OR e.customer_id IN (
       SELECT c.id FROM customers c
       WHERE c.tenant_id = current_tenant() AND (strpos(lower(c.name), $4) > 0 OR strpos(c.phone, $5) > 0)))
  AND ($6::timestamptz IS NULL OR (e.joined_at, e.id) > ($6, $7::uuid))
ORDER BY e.joined_at, e.id
LIMIT $8
