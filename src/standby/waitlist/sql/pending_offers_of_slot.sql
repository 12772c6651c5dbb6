-- The open offers of a slot.
SELECT id FROM offers WHERE tenant_id = current_tenant() AND slot_id = $1 AND status = 'pending' ORDER BY id
