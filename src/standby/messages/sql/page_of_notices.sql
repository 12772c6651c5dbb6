-- Notices, the unseen first, then the newest: $1 to $3 the cursor (seen, at, id) or NULL, $4 how many.
SELECT id, kind, details, at, seen_at
FROM notices
WHERE tenant_id = current_tenant()
  AND ($1::boolean IS NULL OR (seen_at IS NULL) < (NOT $1)
       OR (seen_at IS NULL) = (NOT $1) AND (at, id) < ($2::timestamptz, $3::uuid))
ORDER BY (seen_at IS NULL) DESC, at DESC, id DESC
LIMIT $4
