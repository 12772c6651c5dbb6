-- Ends the leases that ran out: their worker died between the call and the record, so the send is uncertain.
-- An offer is sent again, once; anything else stays uncertain and is reported (standby doctor).
CREATE OR REPLACE FUNCTION recover_stale_messages(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM messages
        WHERE status = 'sending' AND lease_expires_at <= p_now
        ORDER BY lease_expires_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), ended AS (
        UPDATE messages m
        SET status = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN 'queued' ELSE 'uncertain' END,
            resends = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN 1 ELSE m.resends END,
            next_attempt_at = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN p_now + interval '5 seconds' END,
            lease_expires_at = NULL, lease_id = NULL, reason = 'lease_ran_out'
        FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.id, m.status, m.channel
    ), told AS (
        INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
        SELECT tenant_id, id, 'uncertain', channel, 'the worker that was sending it stopped', p_now FROM ended
        RETURNING id
    )
    SELECT (SELECT count(*) FROM ended), (SELECT count(enqueue_for(tenant_id, 'message.send', id, 10)) FROM ended
                  WHERE status = 'queued');
END $$;
