-- What people changed, the newest first, as many as $2; those before the one with number $1, if it is given. The rest: NULL
-- for any.
SELECT id, at, actor, host(address) AS address, request_id, action, entity, entity_id, before, after
FROM audit_log
WHERE tenant_id = current_tenant()
  AND ($1::bigint IS NULL OR id < $1)
  AND ($3::text IS NULL OR actor = $3)
  AND ($4::text IS NULL OR entity = $4)
  AND ($5::uuid IS NULL OR entity_id = $5)
  AND ($6::timestamptz IS NULL OR at >= $6)
  AND ($7::timestamptz IS NULL OR at < $7)
ORDER BY id DESC
LIMIT $2
