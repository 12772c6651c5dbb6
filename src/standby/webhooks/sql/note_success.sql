-- A webhook has taken something: whatever failed before is over.
UPDATE webhook_endpoints SET failing_since = NULL, rest_until = NULL
WHERE tenant_id = current_tenant() AND id = $1 AND (failing_since IS NOT NULL OR rest_until IS NOT NULL)
