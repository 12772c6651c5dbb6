-- Forgets the keys of requests older than p_before: nobody repeats one after so long.
CREATE OR REPLACE FUNCTION forget_request_keys(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ DELETE FROM idempotency_keys WHERE at < p_before $$;
