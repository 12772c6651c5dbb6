-- A link's holder has no login: the token's hash says whose tenant this transaction works for, and which offer it is.
-- NULL: no such token.
CREATE OR REPLACE FUNCTION enter_tenant_of_offer(p_token_hash bytea) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_offer record;
BEGIN
    SELECT t.tenant_id, t.offer_id INTO v_offer FROM offer_tokens t WHERE t.token_hash = p_token_hash;
    IF FOUND THEN
        PERFORM set_config('standby.tenant', v_offer.tenant_id::text, true);
    END IF;
    RETURN v_offer.offer_id;
END $$;
