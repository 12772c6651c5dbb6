-- One more attempt to read a request that nobody has read yet. Counted first: one that brings us down is not for ever.
UPDATE callbacks SET attempts = attempts + 1
WHERE tenant_id = current_tenant() AND id = $1 AND read_at IS NULL
RETURNING provider, sender, query, body, received_at
