-- What a request with this key was, and its answer.
SELECT fingerprint, status, body FROM idempotency_keys WHERE tenant_id = current_tenant() AND key = $1
