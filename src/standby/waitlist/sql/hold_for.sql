-- Offers a locked open slot to a waiting entry: the entry is notified, the slot held, the message written and its
-- sending enqueued, all or nothing. No row: a rival took the entry first.
-- $1 entry, $2 slot, $3 offer, $4 message, $5 now, $6 expires, $7 score, $8 breakdown, $9 reason, $10 actor,
-- $11 window, $12 reminder lead, $13 cooldown (seconds), $14 misses, $15 channels
WITH entry AS (
    UPDATE waitlist_entries
    SET status = 'notified', reason = $9, actor = $10, changed_at = $5
    WHERE tenant_id = current_tenant() AND id = $1 AND status = 'waiting'
    RETURNING tenant_id, id, customer_id
), offer AS (
    INSERT INTO offers (tenant_id, id, slot_id, entry_id, customer_id, status, score, breakdown, window_seconds,
                        reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, expires_at, reason, actor,
                        changed_at)
    SELECT tenant_id, $3, $2, id, customer_id, 'pending', $7, $8, $11, $12, $13, $14, $5, $6, $9, $10, $5
    FROM entry
    RETURNING tenant_id, id, slot_id, customer_id
), slot AS (
    UPDATE slots s
    SET status = 'held', hold_expires_at = $6, fill_at = NULL, checked_at = $5, unfilled_reason = NULL, reason = $9,
        actor = $10, changed_at = $5
    FROM offer WHERE s.tenant_id = offer.tenant_id AND s.id = offer.slot_id
    RETURNING s.id
), message AS (
    INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels,
                          next_attempt_at, created_at)
    SELECT tenant_id, $4, customer_id, id, slot_id, 'offer', format('offer_%s-available', id), 'queued', $15,
           $5 + interval '5 seconds', $5
    FROM offer
    RETURNING id
)
SELECT offer.customer_id, enqueue_send(message.id, $5), announce_deadline($6, $5)
FROM offer, slot, message
