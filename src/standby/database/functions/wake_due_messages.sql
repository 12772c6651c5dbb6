-- Hands the messages whose time has come (retry, rate limit, or a job that was lost) to the queue.
-- Each is looked at again 5 s later, so a job that vanishes costs a delay and never a message. One such job a message:
-- a queue that is behind does not grow by being looked at.
-- When there is more than can be taken at once, every salon's first goes before anybody's second, so that thousands of one
-- salon make nobody else wait.
CREATE OR REPLACE FUNCTION wake_due_messages(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_tenants uuid[];
    v_ids uuid[];
BEGIN
    SELECT array_agg(due.tenant_id), array_agg(due.id) INTO v_tenants, v_ids
    FROM (SELECT m.tenant_id, m.id FROM messages m
          WHERE m.status = 'queued' AND m.next_attempt_at <= p_now ORDER BY m.next_attempt_at LIMIT 200) AS due;
    IF cardinality(v_ids) = 200 THEN
        SELECT array_agg(due.tenant_id), array_agg(due.id) INTO v_tenants, v_ids FROM due_messages_in_turn(p_now) AS due;
    END IF;

    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT m.tenant_id, m.id
        FROM unnest(v_tenants, v_ids) AS chosen (tenant_id, id)
        JOIN messages m ON m.tenant_id = chosen.tenant_id AND m.id = chosen.id
                       AND m.status = 'queued' AND m.next_attempt_at <= p_now
        FOR UPDATE OF m SKIP LOCKED
    ), woken AS (
        UPDATE messages m SET next_attempt_at = p_now + interval '5 seconds'
        FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.id, m.created_at, m.rate_granted, m.kind
    )
    SELECT count(*), count(enqueue_for(
        tenant_id, send_job(kind), id,
        CASE WHEN rate_granted THEN 5 ELSE send_priority(tenant_id, id, created_at, 5) END,
        'message.send again ' || id)) FROM woken;
END $$;
