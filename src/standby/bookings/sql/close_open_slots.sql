-- The open slots that lie in a time which is booked directly.
UPDATE slots
SET status = 'cancelled', fill_at = NULL, reason = 'booked_directly', actor = $4, changed_at = $5
WHERE tenant_id = current_tenant() AND staff_id = $1 AND status = 'open' AND starts_at < $3 AND ends_at > $2
