-- The event that a line of history is, by the name that webhooks know it by; NULL: none of theirs. The same table as in
-- webhooks/events.py, which a test proves.
CREATE OR REPLACE FUNCTION event_of(p_entity text, p_from text, p_to text, p_reason text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = standby, pg_temp
AS $$
    SELECT CASE p_entity
        WHEN 'booking' THEN CASE
            WHEN p_from IS NULL AND p_to = 'confirmed' THEN 'booking.created'
            WHEN p_from = 'cancelled' AND p_to = 'confirmed' THEN 'booking.restored'
            WHEN p_to IS NULL AND p_reason = 'moved' THEN 'booking.moved'
            WHEN p_to IN ('cancelled', 'completed', 'no_show') THEN 'booking.' || p_to END
        WHEN 'entry' THEN CASE
            WHEN p_from IS NULL AND p_to = 'waiting' THEN 'waitlist.joined'
            WHEN p_to IN ('booked', 'expired', 'cancelled') THEN 'waitlist.ended' END
        WHEN 'offer' THEN CASE
            WHEN p_to = 'pending' THEN 'offer.made'
            WHEN p_to IN ('accepted', 'declined', 'expired', 'withdrawn') THEN 'offer.' || p_to END
        WHEN 'slot' THEN CASE
            WHEN coalesce(p_from, 'cancelled') = 'cancelled' AND p_to = 'open' THEN 'slot.opened'
            WHEN p_from = 'held' AND p_to = 'booked' THEN 'slot.filled'
            WHEN p_from IN ('open', 'held') AND p_to = 'cancelled' THEN 'slot.closed' END
    END
$$;
