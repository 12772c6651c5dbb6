-- The earliest deadline of each kind, from the head of its own partial index. NULL: there is none.
CREATE OR REPLACE FUNCTION next_deadlines(
    OUT expire_due_offers timestamptz, OUT remind_due_offers timestamptz, OUT end_due_cooldowns timestamptz,
    OUT expire_due_entries timestamptz, OUT close_due_slots timestamptz, OUT start_due_fills timestamptz,
    OUT wake_due_messages timestamptz, OUT recover_stale_messages timestamptz, OUT set_marked_reminders timestamptz,
    OUT remind_due_bookings timestamptz,
    OUT read_due_calendars timestamptz, OUT write_due_events timestamptz,
    OUT send_due_webhooks timestamptz, OUT forget_old_webhooks timestamptz,
    OUT send_due_letters timestamptz, OUT look_at_due_imports timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    expire_due_offers := (SELECT expires_at FROM offers WHERE status = 'pending' ORDER BY expires_at LIMIT 1);
    remind_due_offers := (SELECT remind_at FROM offers WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1);
    end_due_cooldowns := (SELECT cooldown_until FROM waitlist_entries WHERE status = 'cooldown'
                          ORDER BY cooldown_until LIMIT 1);
    expire_due_entries := (SELECT latest FROM waitlist_entries WHERE status = 'waiting' ORDER BY latest LIMIT 1);
    close_due_slots := (SELECT starts_at FROM slots WHERE status = 'open' ORDER BY starts_at LIMIT 1);
    start_due_fills := (SELECT fill_at FROM slots WHERE fill_at IS NOT NULL ORDER BY fill_at LIMIT 1);
    wake_due_messages := (SELECT next_attempt_at FROM messages WHERE status = 'queued'
                          ORDER BY next_attempt_at LIMIT 1);
    recover_stale_messages := (SELECT lease_expires_at FROM messages WHERE status = 'sending'
                               ORDER BY lease_expires_at LIMIT 1);
    set_marked_reminders := (SELECT reminders_marked FROM policies WHERE reminders_marked IS NOT NULL
                             ORDER BY reminders_marked LIMIT 1);
    remind_due_bookings := (SELECT remind_at FROM bookings WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1);
    read_due_calendars := (SELECT next_read_at FROM calendar_links WHERE next_read_at IS NOT NULL
                           ORDER BY next_read_at LIMIT 1);
    write_due_events := (SELECT next_attempt_at FROM calendar_events WHERE next_attempt_at IS NOT NULL
                         ORDER BY next_attempt_at LIMIT 1);
    send_due_webhooks := (SELECT look_at FROM webhook_deliveries WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 1);
    forget_old_webhooks := (SELECT date_trunc('hour', at) + interval '30 days 1 hour' FROM webhook_deliveries
                            ORDER BY at LIMIT 1);
    send_due_letters := (SELECT next_attempt_at FROM letters WHERE next_attempt_at IS NOT NULL
                         ORDER BY next_attempt_at LIMIT 1);
    look_at_due_imports := (SELECT look_at FROM imports ORDER BY look_at LIMIT 1);
END $$;
