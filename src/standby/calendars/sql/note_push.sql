-- What the calendar said of a channel that it was asked for.
UPDATE calendar_pushes SET resource = $2, expires_at = $3 WHERE tenant_id = current_tenant() AND id = $1
