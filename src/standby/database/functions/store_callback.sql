-- Keeps a provider's request for each salon that it tells something, and enqueues its reading; once, however often it
-- comes. The caller has checked its signature for each of them. p_hears: it shows that answers of customers reach us.
CREATE OR REPLACE FUNCTION store_callback(
    p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea,
    p_hears boolean, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_stored record;
BEGIN
    FOR v_stored IN
        INSERT INTO callbacks (tenant_id, id, provider, digest, sender, query, body, received_at, again_at)
        SELECT t.tenant_id, gen_random_uuid(), p_provider, p_digest, t.sender, p_query, p_body, p_now,
               p_now + interval '30 seconds'
        FROM unnest(p_tenants, p_senders) AS t (tenant_id, sender)
        ON CONFLICT (tenant_id, provider, digest) DO NOTHING
        RETURNING tenant_id, id
    LOOP
        PERFORM enqueue_for(v_stored.tenant_id, 'callback.read', v_stored.id, 20);
    END LOOP;
    IF p_hears THEN
        UPDATE senders s SET heard_at = p_now
        FROM unnest(p_tenants, p_channels) AS t (tenant_id, channel)
        WHERE s.tenant_id = t.tenant_id AND s.channel = t.channel AND s.heard_at IS NULL;
    END IF;
END $$;
