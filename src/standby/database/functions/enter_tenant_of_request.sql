-- Who comes back from a provider has no login: what we gave them on their way, hashed, says whose tenant this transaction
-- works for. NULL: nobody was sent with that, or they have been back before.
CREATE OR REPLACE FUNCTION enter_tenant_of_request(p_state_hash bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT set_config('standby.tenant', tenant_id::text, true)::uuid FROM calendar_requests WHERE state_hash = p_state_hash
$$;
