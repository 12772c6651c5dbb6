-- Puts a message off, and says why. p_offer: the offer that it makes, whose time is put off with it, or it could end
-- before it is sent. Lock order, as everywhere: slot, then offer.
CREATE OR REPLACE FUNCTION defer_message(
    p_tenant uuid, p_id uuid, p_offer uuid, p_until timestamptz, p_now timestamptz, p_reason text, p_details text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    UPDATE messages SET not_before = p_until, next_attempt_at = p_until, reason = p_reason
    WHERE tenant_id = p_tenant AND id = p_id;
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    VALUES (p_tenant, p_id, 'deferred', p_details, p_now);
    PERFORM announce_deadline(p_until, p_now);
    IF p_offer IS NOT NULL THEN
        PERFORM set_offer_clock(p_tenant, p_offer, p_until, NULL);
    END IF;
END $$;
