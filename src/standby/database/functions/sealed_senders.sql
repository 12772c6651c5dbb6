-- The senders of salons with their secrets as they are kept: sealed; and what their channels are paused for, if they
-- are (pause_channel). NULLs: of all salons, by all channels.
CREATE OR REPLACE FUNCTION sealed_senders(p_tenant uuid, p_channel text)
RETURNS TABLE (tenant_id uuid, slug text, channel text, provider text, address text, options jsonb, secrets bytea,
               version uuid, paused_until timestamptz, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT s.tenant_id, t.slug, s.channel, s.provider, s.address, s.options, s.secrets, s.version, p.paused_until, p.reason
    FROM senders s
    JOIN tenants t ON t.id = s.tenant_id
    LEFT JOIN channel_pauses p ON p.tenant_id = s.tenant_id AND p.channel = s.channel
    WHERE (p_tenant IS NULL OR s.tenant_id = p_tenant) AND (p_channel IS NULL OR s.channel = p_channel)
    ORDER BY t.slug, s.channel
$$;
