-- Takes an import that is to run, unless another worker has it; its lease is moved on as long as somebody is at it.
UPDATE imports SET attempts = attempts + 1, rows_done = 0, rows_total = NULL, lease_until = $3, look_at = $3
WHERE tenant_id = current_tenant() AND id = $1 AND state IN ('checking', 'writing')
  AND (lease_until IS NULL OR lease_until <= $2)
RETURNING state, files, skip, author, asked_at, attempts
