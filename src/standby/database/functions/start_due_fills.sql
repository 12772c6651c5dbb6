-- Starts filling the slots whose grace is over.
CREATE OR REPLACE FUNCTION start_due_fills(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM slots WHERE fill_at <= p_now ORDER BY fill_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), started AS (
        UPDATE slots s SET fill_at = NULL FROM due WHERE s.tenant_id = due.tenant_id AND s.id = due.id
        RETURNING s.tenant_id, s.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'waitlist.fill', id, 10)) FROM started;
END $$;
