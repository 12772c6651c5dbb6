-- Whether there is a linked calendar of this id, and its state.
SELECT state FROM calendar_links WHERE tenant_id = current_tenant() AND id = $1
