-- Every booking was made two hours ago, so its first reminder is due now.
UPDATE bookings SET reminders_since = now() - interval '2 hours', remind_at = now()
