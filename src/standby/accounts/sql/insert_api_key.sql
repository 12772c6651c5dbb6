-- A new key of the salon. No row: there is one of this id; of two at once one waits, and finds the other's.
INSERT INTO api_keys (tenant_id, id, name, prefix, key_hash, scopes, created_by, created_at, ends_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, id) DO NOTHING
RETURNING id
