-- All that the request tells has been done.
UPDATE callbacks SET read_at = $2 WHERE tenant_id = current_tenant() AND id = $1
