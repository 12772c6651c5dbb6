-- The senders that a provider's request may be about, by what it names of theirs, with their secrets as they are kept.
-- p_tenant: of this salon alone, as the request's address says; NULL: of whichever.
CREATE OR REPLACE FUNCTION callback_senders(p_provider text, p_routes text[], p_tenant uuid)
RETURNS TABLE (tenant_id uuid, channel text, address text, options jsonb, secrets bytea, route text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT s.tenant_id, s.channel, s.address, s.options, s.secrets, s.route
    FROM senders s
    WHERE s.provider = p_provider AND s.route = ANY (p_routes) AND (p_tenant IS NULL OR s.tenant_id = p_tenant)
    ORDER BY s.tenant_id, s.channel
$$;
