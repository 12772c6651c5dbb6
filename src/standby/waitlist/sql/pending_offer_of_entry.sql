-- The open offer of an entry, if it has one.
SELECT id FROM offers WHERE tenant_id = current_tenant() AND entry_id = $1 AND status = 'pending'
