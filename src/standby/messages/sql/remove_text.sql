-- Takes the salon's own text away.
DELETE FROM texts WHERE tenant_id = current_tenant() AND kind = $1 AND language = $2
