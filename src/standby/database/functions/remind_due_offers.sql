-- Writes the one reminder of each offer that nears its end (seed rule: within ten minutes of expiry, once).
-- Returns how many it wrote; rivals skip what another has locked.
CREATE OR REPLACE FUNCTION remind_due_offers(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT o.tenant_id, o.id
        FROM offers o
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id  -- Locked too, and first, as everywhere.
        WHERE o.remind_at <= p_now
        ORDER BY o.remind_at
        LIMIT 200
        FOR UPDATE OF s, o SKIP LOCKED
    ), reminded AS (
        UPDATE offers o SET remind_at = NULL, reminded_at = p_now
        FROM due WHERE o.tenant_id = due.tenant_id AND o.id = due.id
        RETURNING o.*
    ), written AS (
        INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels,
                              next_attempt_at, created_at)
        SELECT r.tenant_id, gen_random_uuid(), r.customer_id, r.id, r.slot_id, 'offer_reminder',
               format('offer_%s-reminder', r.id), 'queued', m.channels, p_now + interval '5 seconds', p_now
        FROM reminded r
        JOIN messages m ON m.tenant_id = r.tenant_id AND m.offer_id = r.id AND m.kind = 'offer'
        ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
        RETURNING tenant_id, id
    )
    SELECT (SELECT count(*) FROM reminded), (SELECT count(enqueue_for(tenant_id, 'message.send', id, 5)) FROM written);
END $$;
