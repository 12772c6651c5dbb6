-- Puts the entries whose cooldown is over back in the queue, where open slots may be waiting for them.
CREATE OR REPLACE FUNCTION end_due_cooldowns(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM waitlist_entries
        WHERE status = 'cooldown' AND cooldown_until <= p_now
        ORDER BY cooldown_until LIMIT 200 FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE waitlist_entries e
        SET status = 'waiting', cooldown_until = NULL, reason = 'cooldown_over', actor = 'timer', changed_at = p_now
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.tenant_id, e.id
    )
    SELECT count(*), coalesce(sum(enqueue_fills_for_entry(tenant_id, id, p_now)), 0)::bigint FROM woken;
END $$;
