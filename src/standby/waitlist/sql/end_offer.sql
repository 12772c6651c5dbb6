-- Ends a locked pending offer without a booking: its entry moves on, and its slot is open again and passed on, unless
-- rivals of a batch still hold it or $9 says that the slot goes too.
-- $1 offer, $2 offer's new state, $3 entry's new state, $4 cooldown until (or NULL), $5 ended (or NULL), $6 now,
-- $7 reason, $8 actor, $9 the slot's new state: open or cancelled
WITH ended AS (
    UPDATE offers
    SET status = $2, ended_at = $6, remind_at = NULL, reason = $7, actor = $8, changed_at = $6
    WHERE tenant_id = current_tenant() AND id = $1 AND status = 'pending'
    RETURNING tenant_id, id, entry_id, slot_id
), entry AS (
    UPDATE waitlist_entries e
    SET status = $3, cooldown_until = $4, ended_at = $5, reason = $7, actor = $8, changed_at = $6
    FROM ended WHERE e.tenant_id = ended.tenant_id AND e.id = ended.entry_id AND e.status = 'notified'
    RETURNING e.id, e.status
), slot AS (
    UPDATE slots s
    SET status = $9, hold_expires_at = NULL, reason = CASE WHEN $9 = 'open' THEN 'offer_ended' ELSE $7 END, actor = $8,
        changed_at = $6
    FROM ended
    WHERE s.tenant_id = ended.tenant_id AND s.id = ended.slot_id AND s.status = 'held'
      AND NOT EXISTS (SELECT FROM offers o
                      WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending' AND o.id <> $1)
    RETURNING s.id, s.status
)
SELECT (SELECT count(*) FROM ended) AS offers, (SELECT count(*) FROM entry) AS entries,
       (SELECT count(enqueue('waitlist.fill', id, 10)) FROM slot WHERE status = 'open') AS passed_on,
       (SELECT count(refill_for(id, $6)) FROM entry WHERE status = 'waiting') AS waiting_again,
       announce_deadline($4, $6)
