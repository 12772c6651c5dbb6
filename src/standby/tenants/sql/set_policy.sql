-- Sets the rules of the salon ($2 NULL; all of them) or what is different for a service (NULL: nothing is).
INSERT INTO policies (tenant_id, id, service_id, offer_window_seconds, reminder_lead_seconds, cooldown_seconds,
                           max_misses, max_active_entries, minimum_notice_seconds, grace_seconds, messages_per_minute,
                           messages_per_day, channel_order, quiet_from_minute, quiet_until_minute,
                           change_notice_seconds, max_customer_moves, time_step_minutes, reminders, prefer_favourites,
                           max_future_bookings)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text[], $13, $14, $15, $16, $17, $18, $19,
        $20)
ON CONFLICT (tenant_id, service_id) DO UPDATE
SET offer_window_seconds = excluded.offer_window_seconds,
    reminder_lead_seconds = excluded.reminder_lead_seconds,
    cooldown_seconds = excluded.cooldown_seconds,
    max_misses = excluded.max_misses,
    max_active_entries = excluded.max_active_entries,
    minimum_notice_seconds = excluded.minimum_notice_seconds,
    grace_seconds = excluded.grace_seconds,
    messages_per_minute = excluded.messages_per_minute,
    messages_per_day = excluded.messages_per_day,
    channel_order = excluded.channel_order,
    quiet_from_minute = excluded.quiet_from_minute,
    quiet_until_minute = excluded.quiet_until_minute,
    change_notice_seconds = excluded.change_notice_seconds,
    max_customer_moves = excluded.max_customer_moves,
    time_step_minutes = excluded.time_step_minutes,
    reminders = excluded.reminders,
    prefer_favourites = excluded.prefer_favourites,
    max_future_bookings = excluded.max_future_bookings
