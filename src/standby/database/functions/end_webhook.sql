-- Sends nothing more to an endpoint of the caller's salon: it is gone (410), or has failed for days and done nothing else.
-- What waits is dropped, and the salon told. Lock order: the endpoint, then its deliveries.
CREATE OR REPLACE FUNCTION end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    UPDATE webhook_endpoints SET active = false, disabled_reason = p_reason
    WHERE tenant_id = current_tenant() AND id = p_endpoint AND active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE webhook_deliveries SET status = 'dropped', next_attempt_at = NULL, look_at = NULL, lease_until = NULL
    WHERE tenant_id = current_tenant() AND endpoint_id = p_endpoint AND status = 'pending';
    PERFORM tell_salon(current_tenant(), 'webhook_ended', format('webhook_ended:%s:%s', p_endpoint, p_now),
                       jsonb_build_object('webhook_id', p_endpoint, 'reason', p_reason, 'error', p_error), p_now);
END $$;
