-- A closure that somebody has removed, as it was, by the audit log. No row: there is none, or it is there.
SELECT l.entity_id AS id, (l.before ->> 'staff_id')::uuid AS staff_id, (l.before ->> 'starts_at')::timestamptz AS starts_at,
       (l.before ->> 'ends_at')::timestamptz AS ends_at, l.before ->> 'reason' AS reason
FROM audit_log l
WHERE l.tenant_id = current_tenant() AND l.entity = 'closure' AND l.entity_id = $1 AND l.action = 'delete'
  AND NOT EXISTS (SELECT FROM closures c WHERE c.tenant_id = l.tenant_id AND c.id = l.entity_id)
ORDER BY l.id DESC LIMIT 1
