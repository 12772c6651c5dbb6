-- Bookings whose first reminder was written, and no other.
SELECT count(*) FROM bookings b
WHERE b.reminder_number = 2
  AND (SELECT count(*) FROM messages m WHERE m.tenant_id = b.tenant_id AND m.booking_id = b.id AND m.kind = 'reminder') = 1
