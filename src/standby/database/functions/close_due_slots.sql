-- Closes the open slots whose start has passed: nobody can come any more.
CREATE OR REPLACE FUNCTION close_due_slots(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM slots
        WHERE status = 'open' AND starts_at <= p_now ORDER BY starts_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), closed AS (
        UPDATE slots s
        SET status = 'cancelled', fill_at = NULL, reason = 'start_passed', actor = 'timer', changed_at = p_now
        FROM due WHERE s.tenant_id = due.tenant_id AND s.id = due.id
        RETURNING s.id
    )
    SELECT count(*), 0::bigint FROM closed;
END $$;
