-- Has the linked calendars read whose time it is. Each comes back in ten minutes, should its job be lost.
CREATE OR REPLACE FUNCTION read_due_calendars(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM calendar_links
        WHERE next_read_at <= p_now
        ORDER BY next_read_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE calendar_links l SET next_read_at = p_now + interval '10 minutes'
        FROM due WHERE l.tenant_id = due.tenant_id AND l.id = due.id
        RETURNING l.tenant_id, l.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'calendar.read', id, 2)) FROM handed;
END $$;
