-- What says when a booking's reminders are due, and how many were written.
SELECT b.service_id, b.starts_at, b.remind_at, b.reminder_number, b.reminders_since,
       (SELECT count(*) FROM messages m
        WHERE m.tenant_id = b.tenant_id AND m.booking_id = b.id AND m.kind = 'reminder') AS written
FROM bookings b WHERE b.tenant_id = current_tenant() AND b.id = $1
