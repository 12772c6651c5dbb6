-- The slot stays open; says why.
UPDATE slots SET checked_at = $2, unfilled_reason = $3
WHERE tenant_id = current_tenant() AND id = $1 AND status = 'open'
