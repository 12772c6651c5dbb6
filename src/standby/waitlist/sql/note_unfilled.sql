-- The slot stays open; says why, and when it is looked at again if that is known ($4).
UPDATE slots SET checked_at = $2, unfilled_reason = $3, fill_at = coalesce($4::timestamptz, fill_at)
WHERE tenant_id = current_tenant() AND id = $1 AND status = 'open'
