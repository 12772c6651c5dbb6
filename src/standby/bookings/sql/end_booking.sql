-- Says what became of a locked confirmed booking: $2 is completed or no_show.
UPDATE bookings SET status = $2, reason = $2, actor = $3, changed_at = $4
WHERE tenant_id = current_tenant() AND id = $1
