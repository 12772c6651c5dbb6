-- Deletes the requests of providers that were read before a time: what they told stands elsewhere.
CREATE OR REPLACE FUNCTION forget_callbacks(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    DELETE FROM callbacks WHERE read_at < p_before
$$;
