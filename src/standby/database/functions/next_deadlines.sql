-- The earliest deadline of each kind, from the head of its own partial index. NULL: there is none.
CREATE OR REPLACE FUNCTION next_deadlines(
    OUT expire_due_offers timestamptz, OUT remind_due_offers timestamptz, OUT end_due_cooldowns timestamptz,
    OUT expire_due_entries timestamptz, OUT close_due_slots timestamptz, OUT start_due_fills timestamptz,
    OUT wake_due_messages timestamptz, OUT recover_stale_messages timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT (SELECT expires_at FROM offers WHERE status = 'pending' ORDER BY expires_at LIMIT 1),
           (SELECT remind_at FROM offers WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1),
           (SELECT cooldown_until FROM waitlist_entries WHERE status = 'cooldown' ORDER BY cooldown_until LIMIT 1),
           (SELECT latest FROM waitlist_entries WHERE status = 'waiting' ORDER BY latest LIMIT 1),
           (SELECT starts_at FROM slots WHERE status = 'open' ORDER BY starts_at LIMIT 1),
           (SELECT fill_at FROM slots WHERE fill_at IS NOT NULL ORDER BY fill_at LIMIT 1),
           (SELECT next_attempt_at FROM messages WHERE status = 'queued' ORDER BY next_attempt_at LIMIT 1),
           (SELECT lease_expires_at FROM messages WHERE status = 'sending' ORDER BY lease_expires_at LIMIT 1)
$$;
