-- Ends the entries whose latest time has passed while they waited.
CREATE OR REPLACE FUNCTION expire_due_entries(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM waitlist_entries
        WHERE status = 'waiting' AND latest <= p_now ORDER BY latest LIMIT 200 FOR UPDATE SKIP LOCKED
    ), ended AS (
        UPDATE waitlist_entries e
        SET status = 'expired', ended_at = p_now, reason = 'latest_passed', actor = 'timer', changed_at = p_now
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.id
    )
    SELECT count(*), 0::bigint FROM ended;
END $$;
