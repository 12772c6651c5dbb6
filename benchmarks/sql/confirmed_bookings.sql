-- The bookings that nobody has cancelled.
SELECT id FROM bookings WHERE status = 'confirmed' AND source = 'direct'
