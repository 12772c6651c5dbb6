-- A kept request, unless all that it tells has been done.
SELECT provider, sender, query, body, received_at FROM callbacks
WHERE tenant_id = current_tenant() AND id = $1 AND read_at IS NULL
