-- The usual rules for $1 salons, but no limit that would hide what is measured: rate, daily cap, notice, quiet hours.
-- $2 is their rule of reminders.
INSERT INTO policies (tenant_id, id, offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses,
                      max_active_entries, minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day,
                      channel_order, quiet_from_minute, quiet_until_minute, change_notice_seconds, max_customer_moves,
                      time_step_minutes, reminders, prefer_favourites)
SELECT pg_temp.bench_id(1, n), pg_temp.bench_id(10, n), 900, 600, 3600, 3, 100, 0, 0, 1000000, 1000000, '{sms}', 0, 0,
       86400, 3, 15, $2, false
FROM generate_series(1, $1::bigint) n
