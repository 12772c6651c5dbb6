-- Whose key this is, and what it may do. No row: none of ours, or it has ended. Notes once a minute that it was used.
CREATE OR REPLACE FUNCTION find_api_key(p_key_hash bytea, p_now timestamptz)
RETURNS TABLE (tenant_id uuid, prefix text, scopes text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    UPDATE api_keys k SET last_used_at = p_now
    WHERE k.key_hash = p_key_hash AND coalesce(k.ends_at > p_now, true)
      AND coalesce(k.last_used_at, '-infinity') <= p_now - interval '1 minute';
    RETURN QUERY
    SELECT k.tenant_id, k.prefix, k.scopes FROM api_keys k
    WHERE k.key_hash = p_key_hash AND coalesce(k.ends_at > p_now, true);
END $$;
