-- How many requests of providers have been given to a worker again and again, and were never read to the end.
CREATE OR REPLACE FUNCTION unreadable_callbacks() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT count(*) FROM callbacks WHERE read_at IS NULL AND attempts >= 5
$$;
