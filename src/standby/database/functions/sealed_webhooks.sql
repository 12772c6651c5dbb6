-- All salons' webhook secrets, as they are kept: sealed.
CREATE OR REPLACE FUNCTION sealed_webhooks()
RETURNS TABLE (tenant_id uuid, id uuid, secrets bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ SELECT e.tenant_id, e.id, e.secrets FROM webhook_endpoints e $$;
