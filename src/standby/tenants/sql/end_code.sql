-- Ends the code of a number, for there will be a newer one.
UPDATE verifications SET ended_at = $2 WHERE tenant_id = current_tenant() AND phone = $1 AND ended_at IS NULL
