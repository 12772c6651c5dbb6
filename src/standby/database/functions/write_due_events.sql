-- Has those bookings written to calendars whose time it is. Each comes back in ten minutes, should its job be lost.
CREATE OR REPLACE FUNCTION write_due_events(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM calendar_events
        WHERE next_attempt_at <= p_now
        ORDER BY next_attempt_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE calendar_events e SET next_attempt_at = p_now + interval '10 minutes', lease_until = NULL
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.tenant_id, e.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'calendar.write', id, 2)) FROM handed;
END $$;
