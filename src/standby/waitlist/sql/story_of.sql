-- The history of one thing, oldest first.
SELECT entity, from_state, to_state, reason, actor, at, details
FROM history WHERE tenant_id = current_tenant() AND entity_id = $1 ORDER BY id
