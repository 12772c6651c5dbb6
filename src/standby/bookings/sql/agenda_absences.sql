-- When the salon (staff_id NULL), or one of its staff, is away from $1 to $2: closures, and busy times of linked calendars
-- (id NULL). $3 staff member, or NULL: everybody. At most 1,000.
SELECT c.id, c.staff_id, c.starts_at, c.ends_at, c.reason
FROM closures c
WHERE c.tenant_id = current_tenant() AND c.ends_at > $1::timestamptz AND c.starts_at < $2::timestamptz
  AND ($3::uuid IS NULL OR c.staff_id IS NULL OR c.staff_id = $3)
UNION ALL
SELECT NULL, y.staff_id, y.starts_at, y.ends_at, ''
FROM busy_times y
WHERE y.tenant_id = current_tenant() AND y.ends_at > $1 AND y.starts_at < $2 AND ($3 IS NULL OR y.staff_id = $3)
ORDER BY starts_at, ends_at
LIMIT 1000
