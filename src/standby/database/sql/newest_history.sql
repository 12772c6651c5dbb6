-- When the last thing happened to a slot, an entry, an offer or a booking.
SELECT max(at) FROM history
