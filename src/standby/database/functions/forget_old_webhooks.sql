-- Forgets what webhooks were told more than thirty days ago, an hour's at a time: next_deadlines counts with the same hours.
CREATE OR REPLACE FUNCTION forget_old_webhooks(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH old AS MATERIALIZED (
        SELECT tenant_id, id FROM webhook_deliveries
        WHERE at < date_trunc('hour', p_now) - interval '30 days'
        ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED
    ), forgotten AS (
        DELETE FROM webhook_deliveries d USING old WHERE d.tenant_id = old.tenant_id AND d.id = old.id
        RETURNING d.id
    )
    SELECT count(*), 0::bigint FROM forgotten;
END $$;
