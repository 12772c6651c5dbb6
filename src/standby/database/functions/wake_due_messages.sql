-- Hands the messages whose time has come (retry, rate limit, or a job that was lost) to the queue.
-- Each is looked at again 5 s later, so a job that vanishes costs a delay and never a message. One such job a message:
-- a queue that is behind does not grow by being looked at.
CREATE OR REPLACE FUNCTION wake_due_messages(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM messages
        WHERE status = 'queued' AND next_attempt_at <= p_now
        ORDER BY next_attempt_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE messages m SET next_attempt_at = p_now + interval '5 seconds'
        FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'message.send', id, 5, 'message.send again ' || id)) FROM woken;
END $$;
