-- Says what became of it, in the transaction that did it. No row: it was dropped, or somebody else has it by now.
UPDATE imports
SET state = $3, told = $4, lease_until = NULL, look_at = $5, files = CASE WHEN $3 = 'checked' THEN files END
WHERE tenant_id = current_tenant() AND id = $1 AND attempts = $2 AND state IN ('checking', 'writing')
RETURNING id
