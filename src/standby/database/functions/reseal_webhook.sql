-- Keeps a webhook's secrets as they were sealed anew, unless they have changed since they were read.
CREATE OR REPLACE FUNCTION reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE webhook_endpoints SET secrets = p_new WHERE tenant_id = p_tenant AND id = p_endpoint AND secrets = p_old
$$;
