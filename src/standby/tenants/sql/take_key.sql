-- Takes a key; waits for whoever is taking it. No row: it is taken.
INSERT INTO idempotency_keys (tenant_id, key, fingerprint, at) VALUES (current_tenant(), $1, $2, $3)
ON CONFLICT DO NOTHING RETURNING key
