-- What tells one secret of a webhook from the next, and nothing else of it.
SELECT id, encode(sha256(secrets), 'hex') AS mark FROM webhook_endpoints WHERE tenant_id = current_tenant()
