-- Has the endpoints told that are due to be: one job for each that sends what waits for it, in its order. What waits is
-- looked for again in ten minutes, should the job be lost. An event that was written while its endpoint was switched off is
-- dropped.
CREATE OR REPLACE FUNCTION send_due_webhooks(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM webhook_deliveries
        WHERE look_at <= p_now
        ORDER BY look_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE webhook_deliveries d
        SET status = CASE WHEN e.active THEN 'pending' ELSE 'dropped' END,
            look_at = CASE WHEN e.active THEN p_now + interval '10 minutes' END,
            next_attempt_at = CASE WHEN e.active THEN d.next_attempt_at END,
            lease_until = CASE WHEN e.active THEN d.lease_until END
        FROM due, webhook_endpoints e
        WHERE d.tenant_id = due.tenant_id AND d.id = due.id AND e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
        RETURNING d.tenant_id, d.endpoint_id, d.status
    ), told AS (
        SELECT count(enqueue_for(tenant_id, 'webhook.deliver', endpoint_id, 2)) AS endpoints
        FROM (SELECT DISTINCT tenant_id, endpoint_id FROM handed WHERE status = 'pending') AS one
    )
    SELECT (SELECT count(*) FROM handed), told.endpoints FROM told;
END $$;
