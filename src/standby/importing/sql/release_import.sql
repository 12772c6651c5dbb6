-- Leaves it to whoever takes it next.
UPDATE imports SET lease_until = NULL, look_at = $3
WHERE tenant_id = current_tenant() AND id = $1 AND attempts = $2 AND state IN ('checking', 'writing')
