-- How many deadlines of each timer have passed and were not taken yet, and how many are to come: each from its own partial
-- index. For operators. What every waiting entry and every open slot has by nature (their latest time) is left out, and so
-- are leases: what they are about counts as active.
CREATE OR REPLACE FUNCTION count_deadlines(p_now timestamptz) RETURNS TABLE (timer text, due bigint, coming bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT 'expire_due_offers', count(*) FILTER (WHERE expires_at <= p_now), count(*) FILTER (WHERE expires_at > p_now)
    FROM offers WHERE status = 'pending'
    UNION ALL
    SELECT 'remind_due_offers', count(*) FILTER (WHERE remind_at <= p_now), count(*) FILTER (WHERE remind_at > p_now)
    FROM offers WHERE remind_at IS NOT NULL
    UNION ALL
    SELECT 'end_due_cooldowns', count(*) FILTER (WHERE cooldown_until <= p_now),
           count(*) FILTER (WHERE cooldown_until > p_now)
    FROM waitlist_entries WHERE status = 'cooldown'
    UNION ALL
    SELECT 'start_due_fills', count(*) FILTER (WHERE fill_at <= p_now), count(*) FILTER (WHERE fill_at > p_now)
    FROM slots WHERE fill_at IS NOT NULL
    UNION ALL
    SELECT 'wake_due_messages', count(*) FILTER (WHERE next_attempt_at <= p_now),
           count(*) FILTER (WHERE next_attempt_at > p_now)
    FROM messages WHERE status = 'queued'
    UNION ALL
    SELECT 'remind_due_bookings', count(*) FILTER (WHERE remind_at <= p_now), count(*) FILTER (WHERE remind_at > p_now)
    FROM bookings WHERE remind_at IS NOT NULL
    UNION ALL
    SELECT 'read_due_calendars', count(*) FILTER (WHERE next_read_at <= p_now), count(*) FILTER (WHERE next_read_at > p_now)
    FROM calendar_links WHERE next_read_at IS NOT NULL
    UNION ALL
    SELECT 'write_due_events', count(*) FILTER (WHERE next_attempt_at <= p_now),
           count(*) FILTER (WHERE next_attempt_at > p_now)
    FROM calendar_events WHERE next_attempt_at IS NOT NULL
    UNION ALL
    SELECT 'set_marked_reminders', count(*) FILTER (WHERE reminders_marked <= p_now),
           count(*) FILTER (WHERE reminders_marked > p_now)
    FROM policies WHERE reminders_marked IS NOT NULL
$$;
