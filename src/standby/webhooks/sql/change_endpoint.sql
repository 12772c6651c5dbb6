-- Changes a webhook; NULL stays. Switched on ($6), it has no past. Another address has none either.
UPDATE webhook_endpoints
SET url = coalesce($2, url), description = coalesce($3, description), events = coalesce($4::text[], events),
    contacts = coalesce($5, contacts), active = coalesce($6, active),
    disabled_reason = CASE WHEN $6 THEN NULL ELSE disabled_reason END,
    failing_since = CASE WHEN $6 OR $2 <> url THEN NULL ELSE failing_since END,
    rest_until = CASE WHEN $6 OR $2 <> url THEN NULL ELSE rest_until END
WHERE tenant_id = current_tenant() AND id = $1
RETURNING id
