-- Keeps a sender's secrets as they were sealed anew, unless the sender has changed since they were read.
CREATE OR REPLACE FUNCTION reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE senders SET secrets = p_secrets WHERE tenant_id = p_tenant AND channel = p_channel AND version = p_version
$$;
