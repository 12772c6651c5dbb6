-- A webhook's secrets, as they are kept; nobody changes them before this transaction ends.
SELECT secrets FROM webhook_endpoints WHERE tenant_id = current_tenant() AND id = $1 FOR NO KEY UPDATE
