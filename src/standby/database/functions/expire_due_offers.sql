-- Ends the offers whose time is over, oldest first, and passes each freed slot on. Returns how many it ended.
-- Rivals skip what another has locked (SKIP LOCKED), also an offer that is being accepted right now: it waits for
-- nobody but the entry, which everybody locks last.
-- Silence is a miss: the entry cools down, or expires with its last miss (waitlist/lifecycle.py: after_silence).
-- An offer that no provider ever took was no fault of the customer: back to waiting, no miss.
CREATE OR REPLACE FUNCTION expire_due_offers(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT o.tenant_id, o.id, o.slot_id
        FROM offers o
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
        WHERE o.status = 'pending' AND o.expires_at <= p_now
        ORDER BY o.expires_at
        LIMIT 200
        FOR UPDATE OF s, o SKIP LOCKED
    ), ended AS (
        UPDATE offers o
        SET status = CASE WHEN o.sent_at IS NULL THEN 'withdrawn' ELSE 'expired' END,
            reason = CASE WHEN o.sent_at IS NULL THEN 'undelivered' ELSE 'no_answer' END,
            actor = 'timer', changed_at = p_now, ended_at = p_now, remind_at = NULL
        FROM due
        WHERE o.tenant_id = due.tenant_id AND o.id = due.id
        RETURNING o.*
    ), moved AS (
        UPDATE waitlist_entries e
        SET status = CASE WHEN ended.sent_at IS NULL THEN 'waiting'
                          WHEN e.misses + 1 >= ended.max_misses THEN 'expired'
                          ELSE 'cooldown' END,
            misses = CASE WHEN ended.sent_at IS NULL THEN e.misses ELSE e.misses + 1 END,
            cooldown_until = CASE WHEN ended.sent_at IS NOT NULL AND e.misses + 1 < ended.max_misses
                                  THEN p_now + make_interval(secs => ended.cooldown_seconds) END,
            ended_at = CASE WHEN ended.sent_at IS NOT NULL AND e.misses + 1 >= ended.max_misses THEN p_now END,
            reason = ended.reason, actor = 'timer', changed_at = p_now
        FROM ended
        WHERE e.tenant_id = ended.tenant_id AND e.id = ended.entry_id AND e.status = 'notified'
        RETURNING e.id
    ), freed AS (
        UPDATE slots s
        SET status = 'open', hold_expires_at = NULL, reason = 'offer_ended', actor = 'timer', changed_at = p_now
        WHERE s.status = 'held'
          AND (s.tenant_id, s.id) IN (SELECT tenant_id, slot_id FROM due)
          AND NOT EXISTS (SELECT FROM offers other
                          WHERE other.tenant_id = s.tenant_id AND other.slot_id = s.id AND other.status = 'pending'
                            AND (other.tenant_id, other.id) NOT IN (SELECT tenant_id, id FROM due))
        RETURNING s.tenant_id, s.id
    )
    SELECT (SELECT count(*) FROM ended), (SELECT count(enqueue_for(tenant_id, 'waitlist.fill', id, 10)) FROM freed);
END $$;
