-- Takes a key away. No row: there is none of this id.
DELETE FROM api_keys WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
