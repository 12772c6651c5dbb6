-- A link's holder has no login: the token's hash says whose tenant this transaction works for, and which offer it is.
-- No row: no such token.
CREATE OR REPLACE FUNCTION enter_tenant_of_offer(p_token_hash bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT o.id FROM offers o
    WHERE o.token_hash = p_token_hash AND set_config('standby.tenant', o.tenant_id::text, true) IS NOT NULL
$$;
