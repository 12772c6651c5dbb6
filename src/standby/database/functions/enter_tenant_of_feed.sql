-- A calendar program has no login: the token's hash says whose tenant this transaction works for, and which feed it is.
-- NULL: no such token.
CREATE OR REPLACE FUNCTION enter_tenant_of_feed(p_token_hash bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_feed record;
BEGIN
    SELECT f.tenant_id, f.id INTO v_feed FROM calendar_feeds f WHERE f.token_hash = p_token_hash;
    IF FOUND THEN
        PERFORM set_config('standby.tenant', v_feed.tenant_id::text, true);
    END IF;
    RETURN v_feed.id;
END $$;
