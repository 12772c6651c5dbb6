-- Books a locked pending offer: slot, booking, offer and entry move together; rivals of a batch go back to waiting;
-- the confirmation (and the rivals' regrets) are written and enqueued.
-- $1 offer, $2 booking, $3 message, $4 now, $5 actor, $6 reason (accepted or converted)
WITH chosen AS (
    SELECT o.tenant_id, o.id, o.slot_id, o.entry_id, o.customer_id, m.channels
    FROM offers o
    JOIN messages m ON m.tenant_id = o.tenant_id AND m.offer_id = o.id AND m.kind = 'offer'
    WHERE o.tenant_id = current_tenant() AND o.id = $1 AND o.status = 'pending'
), slot AS (
    UPDATE slots s
    SET status = 'booked', hold_expires_at = NULL, reason = $6, actor = $5, changed_at = $4
    FROM chosen WHERE s.tenant_id = chosen.tenant_id AND s.id = chosen.slot_id AND s.status = 'held'
    RETURNING s.tenant_id, s.id, s.staff_id, s.service_id, s.starts_at, s.ends_at
), booking AS (
    INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status,
                          source, reason, actor, changed_at, created_at)
    SELECT slot.tenant_id, $2, slot.id, chosen.customer_id, slot.staff_id, slot.service_id, slot.starts_at,
           slot.ends_at, 'confirmed', 'waitlist', $6, $5, $4, $4
    FROM slot, chosen
    RETURNING tenant_id, id
), accepted AS (
    UPDATE offers o
    SET status = 'accepted', booking_id = booking.id, ended_at = $4, remind_at = NULL, reason = $6, actor = $5,
        changed_at = $4
    FROM booking WHERE o.tenant_id = booking.tenant_id AND o.id = $1
    RETURNING o.id
), entry AS (
    UPDATE waitlist_entries e
    SET status = 'booked', booking_id = booking.id, misses = 0, ended_at = $4, reason = $6, actor = $5, changed_at = $4
    FROM booking, chosen WHERE e.tenant_id = booking.tenant_id AND e.id = chosen.entry_id
    RETURNING e.id
), rival AS (
    UPDATE offers o
    SET status = 'withdrawn', ended_at = $4, remind_at = NULL, reason = 'lost_to_rival', actor = $5, changed_at = $4
    FROM slot WHERE o.tenant_id = slot.tenant_id AND o.slot_id = slot.id AND o.status = 'pending' AND o.id <> $1
    RETURNING o.tenant_id, o.id, o.entry_id, o.customer_id, o.slot_id, o.sent_at
), rival_entry AS (
    UPDATE waitlist_entries e
    SET status = 'waiting', reason = 'lost_to_rival', actor = $5, changed_at = $4
    FROM rival WHERE e.tenant_id = rival.tenant_id AND e.id = rival.entry_id AND e.status = 'notified'
    RETURNING e.id
), message AS (
    INSERT INTO messages (tenant_id, id, customer_id, offer_id, booking_id, slot_id, kind, dedupe_key, status, channels,
                          next_attempt_at, created_at)
    SELECT booking.tenant_id, $3, chosen.customer_id, chosen.id, booking.id, chosen.slot_id, 'booked',
           format('booking_%s-confirmed', booking.id), 'queued', chosen.channels, $4 + interval '5 seconds', $4
    FROM booking, chosen
    UNION ALL
    SELECT rival.tenant_id, gen_random_uuid(), rival.customer_id, rival.id, NULL, rival.slot_id, 'too_late',
           format('offer_%s-too-late', rival.id), 'queued', chosen.channels, $4 + interval '5 seconds', $4
    FROM rival, chosen WHERE rival.sent_at IS NOT NULL
    RETURNING id
)
SELECT (SELECT count(enqueue('message.send', id, 12)) FROM message) AS messages,
       (SELECT count(*) FROM accepted) AS offers, (SELECT count(*) FROM entry) AS entries,
       (SELECT count(refill_for(id, $4)) FROM rival_entry) AS rivals
