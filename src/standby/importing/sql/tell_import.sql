-- How far it is; and somebody is at it.
UPDATE imports SET rows_done = $5, rows_total = $6, lease_until = $7, look_at = $7
WHERE tenant_id = current_tenant() AND id = $1 AND state = $2 AND asked_at = $3 AND attempts = $4
