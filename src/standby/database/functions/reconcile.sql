-- Self-healing, in two parts. Fills the open slots that no job is watching although somebody waits who could suit them,
-- each again after p_every at the soonest; and opens the held slots whose offers have all ended.
-- (Offers, messages, cooldowns and entries need no such search: their deadlines are columns and find themselves.)
CREATE OR REPLACE FUNCTION reconcile(p_now timestamptz, p_every interval)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH orphan AS MATERIALIZED (
        SELECT s.tenant_id, s.id
        FROM slots s
        WHERE s.status = 'held'
          AND NOT EXISTS (SELECT FROM offers o
                          WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending')
        LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), freed AS (
        UPDATE slots s
        SET status = 'open', hold_expires_at = NULL, reason = 'offer_ended', actor = 'reconcile', changed_at = p_now
        FROM orphan WHERE s.tenant_id = orphan.tenant_id AND s.id = orphan.id
        RETURNING s.tenant_id, s.id
    ), lost AS MATERIALIZED (
        SELECT s.tenant_id, s.id
        FROM slots s
        WHERE s.status = 'open' AND s.starts_at > p_now AND s.fill_at IS NULL
          AND s.changed_at <= p_now - p_every
          AND (s.checked_at IS NULL OR s.checked_at <= p_now - p_every)
          AND EXISTS (SELECT FROM waitlist_entries e
                      WHERE e.tenant_id = s.tenant_id AND e.service_id = s.service_id AND e.status = 'waiting'
                        AND e.staff_wish IN (s.staff_id, '00000000-0000-0000-0000-000000000000')
                        AND e.earliest <= s.starts_at AND e.latest >= s.ends_at)
        ORDER BY s.starts_at
        LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), checked AS (
        UPDATE slots s SET checked_at = p_now FROM lost WHERE s.tenant_id = lost.tenant_id AND s.id = lost.id
        RETURNING s.tenant_id, s.id
    ), found AS (
        SELECT tenant_id, id FROM freed UNION ALL SELECT tenant_id, id FROM checked
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'waitlist.fill', id, 0, 'waitlist.fill again ' || id)) FROM found
$$;
