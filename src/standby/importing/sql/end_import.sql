-- Says what became of it, in the transaction that did it. No row: it was dropped, or somebody else has it by now.
UPDATE imports
SET state = $5, told = $6, lease_until = NULL, look_at = $7, files = CASE WHEN $5 = 'checked' THEN files END
WHERE tenant_id = current_tenant() AND id = $1 AND state = $2 AND asked_at = $3 AND attempts = $4
RETURNING id
