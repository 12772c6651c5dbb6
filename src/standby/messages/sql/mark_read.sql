-- Takes a reply out of the inbox. Who did it first stays written down.
UPDATE replies SET handled_at = coalesce(handled_at, $2), handled_by = coalesce(handled_by, $3)
WHERE tenant_id = current_tenant() AND id = $1
RETURNING id
