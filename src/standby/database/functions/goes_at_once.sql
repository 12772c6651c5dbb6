-- Whether a message waits for no quiet hours to end: it answers what its customer has just done or written, or tells of a booking
-- that was just made, moved or cancelled. Whoever did that, an appointment may be so near that the morning is too late.
CREATE OR REPLACE FUNCTION goes_at_once(p_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT p_kind IN ('booked', 'too_late', 'passed_on', 'help', 'help_booking', 'call_salon', 'which_one', 'stopped',
                      'started', 'by_hand', 'verify_code', 'booking_confirmed', 'changed', 'cancelled')
$$;
