-- Takes an entry without an open offer off the list. No row: it isn't waiting or cooling down.
UPDATE waitlist_entries
SET status = 'cancelled', cooldown_until = NULL, ended_at = $2, reason = $3, actor = $4, changed_at = $2
WHERE tenant_id = current_tenant() AND id = $1 AND status IN ('waiting', 'cooldown')
RETURNING id
