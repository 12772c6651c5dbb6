-- How many requests of providers were begun to be read five times and never to the end; nobody tries them again.
CREATE OR REPLACE FUNCTION unreadable_callbacks() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT count(*) FROM callbacks WHERE read_at IS NULL AND attempts >= 5
$$;
