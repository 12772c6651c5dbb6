-- Takes an open slot back. No row: it was not open.
UPDATE slots
SET status = 'cancelled', fill_at = NULL, reason = $2, actor = $3, changed_at = $4
WHERE tenant_id = current_tenant() AND id = $1 AND status = 'open'
RETURNING id
