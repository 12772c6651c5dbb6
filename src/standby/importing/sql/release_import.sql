-- Leaves it to whoever takes it next; what was not tried doesn't count.
UPDATE imports SET lease_until = NULL, look_at = $6, attempts = attempts - CASE WHEN $5 THEN 0 ELSE 1 END
WHERE tenant_id = current_tenant() AND id = $1 AND state = $2 AND asked_at = $3 AND attempts = $4
