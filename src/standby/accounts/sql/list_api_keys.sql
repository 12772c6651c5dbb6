-- The salon's keys, the newest first.
SELECT id, name, prefix, scopes, created_by, created_at, ends_at, last_used_at
FROM api_keys WHERE tenant_id = current_tenant() ORDER BY created_at DESC, id
