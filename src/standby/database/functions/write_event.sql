-- Writes an event down for each endpoint of the salon that wants it, to be sent once this transaction has committed.
-- For the triggers of this folder only: nobody else may name a tenant.
CREATE OR REPLACE FUNCTION write_event(p_tenant uuid, p_event text, p_data jsonb, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event, payload, at, status, next_attempt_at, look_at)
    SELECT p_tenant, gen_random_uuid(), e.id, p_event,
           jsonb_build_object('type', p_event, 'timestamp', p_at, 'data', p_data), p_at, 'pending', p_at, p_at
    FROM webhook_endpoints e
    WHERE e.tenant_id = p_tenant AND e.active AND (e.events = '{}' OR p_event = ANY (e.events));
    IF FOUND THEN
        PERFORM announce_deadline(p_at, p_at);
    END IF;
END $$;
