-- How far it is; and somebody is at it.
UPDATE imports SET rows_done = $3, rows_total = $4, lease_until = $5, look_at = $5
WHERE tenant_id = current_tenant() AND id = $1 AND attempts = $2 AND state IN ('checking', 'writing')
