-- A message of which nobody knew whether it went out is known to have: its provider says so.
CREATE OR REPLACE FUNCTION settle_sent(p_tenant uuid, p_id uuid, p_provider text, p_provider_id text, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v messages;
BEGIN
    UPDATE messages
    SET status = 'sent', sent_at = p_at, provider = p_provider, provider_id = p_provider_id, reason = '',
        next_attempt_at = NULL, lease_id = NULL, lease_expires_at = NULL
    WHERE tenant_id = p_tenant AND id = p_id
    RETURNING * INTO v;
    INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
    VALUES (p_tenant, p_id, 'settled', v.channel, 'the provider says that it went out', p_at);
    IF v.kind = 'offer' THEN
        PERFORM set_offer_clock(p_tenant, v.offer_id, p_at, p_at);
    END IF;
END $$;
