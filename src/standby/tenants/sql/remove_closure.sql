-- Opens a closed time again. No row: there is no such closure.
DELETE FROM closures WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
