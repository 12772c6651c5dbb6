-- The salons' endpoints that fail at the moment, or were ended for it, with what waits for them.
CREATE OR REPLACE FUNCTION failing_webhooks()
RETURNS TABLE (slug text, url text, failing_since timestamptz, disabled_reason text, pending bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT t.slug, e.url, e.failing_since, e.disabled_reason,
           (SELECT count(*) FROM webhook_deliveries d
            WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id AND d.status = 'pending')
    FROM webhook_endpoints e JOIN tenants t ON t.id = e.tenant_id
    WHERE e.failing_since IS NOT NULL OR e.disabled_reason IS NOT NULL
    ORDER BY t.slug, e.created_at
$$;
