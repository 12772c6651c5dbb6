DELETE FROM senders WHERE tenant_id = current_tenant() AND channel = $1 RETURNING channel
