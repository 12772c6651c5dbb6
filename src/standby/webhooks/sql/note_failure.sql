-- A webhook has not taken something; $3 until when it is left alone, or NULL.
UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, $2), rest_until = coalesce($3, rest_until)
WHERE tenant_id = current_tenant() AND id = $1
