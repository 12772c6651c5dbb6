-- The last $2 reminders of a booking, the newest first.
SELECT (m.details ->> 'number')::integer AS number, m.status,
       (m.details ->> 'scheduled_for')::timestamptz AS scheduled_for
FROM messages m
WHERE m.tenant_id = current_tenant() AND m.booking_id = $1 AND m.kind = 'reminder'
ORDER BY (m.details ->> 'number')::integer DESC
LIMIT $2
