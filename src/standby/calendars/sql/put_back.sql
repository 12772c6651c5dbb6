-- Has a linked calendar read at $2 that was to be read now, or sooner if that is wanted already.
UPDATE calendar_links SET next_read_at = least(next_read_at, $2)
WHERE tenant_id = current_tenant() AND id = $1 AND state <> 'reconnect'
