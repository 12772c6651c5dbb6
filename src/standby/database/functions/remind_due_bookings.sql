-- Writes the reminder of each booking whose time for one has come, and says when the next one is due. Of several that are
-- overdue, one is written. None to a customer who agreed to no channel of the salon's, or whose appointment has begun, and
-- none that the rules don't know any more.
-- Each is written once: its number is taken in the same statement. Returns how many bookings it took; rivals skip what
-- another has locked, and a booking that is cancelled or moved meanwhile is not due any more.
CREATE OR REPLACE FUNCTION remind_due_bookings(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT b.tenant_id, b.id, b.remind_at, b.reminder_number,
               coalesce(service.channel_order, salon.channel_order) AS channels,
               b.starts_at > p_now AND c.channels && coalesce(service.channel_order, salon.channel_order)
               AND b.remind_at IS NOT DISTINCT FROM reminder_of(
                   b.tenant_id, b.service_id, b.reminders_since, b.starts_at, b.remind_at - interval '1 microsecond')
                   AS reached
        FROM bookings b
        JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
        JOIN policies salon ON salon.tenant_id = b.tenant_id AND salon.service_id IS NULL
        LEFT JOIN policies service ON service.tenant_id = b.tenant_id AND service.service_id = b.service_id
        WHERE b.remind_at <= p_now AND salon.reminders_marked IS NULL AND service.reminders_marked IS NULL
        ORDER BY b.remind_at
        LIMIT 200
        FOR NO KEY UPDATE OF b SKIP LOCKED
    ), reminded AS (
        UPDATE bookings b
        SET remind_at = reminder_of(b.tenant_id, b.service_id, b.reminders_since, b.starts_at, p_now),
            reminder_number = b.reminder_number + due.reached::integer
        FROM due WHERE b.tenant_id = due.tenant_id AND b.id = due.id
        RETURNING b.tenant_id, b.id, b.customer_id, b.slot_id, b.starts_at, due.remind_at, due.reminder_number, due.channels,
                  due.reached
    ), written AS (
        INSERT INTO messages (tenant_id, id, customer_id, booking_id, slot_id, kind, dedupe_key, status, channels,
                              next_attempt_at, created_at, details)
        SELECT r.tenant_id, gen_random_uuid(), r.customer_id, r.id, r.slot_id, 'reminder',
               format('booking_%s-reminder-%s', r.id, r.reminder_number), 'queued', r.channels,
               p_now + interval '1 minute', p_now,
               jsonb_build_object('number', r.reminder_number, 'scheduled_for', r.remind_at, 'starts_at', r.starts_at)
        FROM reminded r WHERE r.reached
        RETURNING tenant_id, id
    )
    SELECT (SELECT count(*) FROM reminded),
           (SELECT count(enqueue_for(tenant_id, send_job('reminder'), id, send_priority(tenant_id, id, p_now, 5))) FROM written);
END $$;
