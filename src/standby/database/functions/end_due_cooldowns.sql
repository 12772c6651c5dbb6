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
        RETURNING e.*
    ), suiting AS (
        SELECT DISTINCT s.tenant_id, s.id
        FROM woken e
        JOIN slots s ON s.tenant_id = e.tenant_id AND s.service_id = e.service_id AND s.status = 'open'
                    AND s.starts_at > p_now AND s.starts_at >= e.earliest AND s.ends_at <= e.latest
                    AND (e.staff_id IS NULL OR e.staff_id = s.staff_id) AND s.fill_at IS NULL
    )
    SELECT (SELECT count(*) FROM woken), (SELECT count(enqueue_for(tenant_id, 'waitlist.fill', id, 10)) FROM suiting);
END $$;
