-- An attempt succeeded: what is counted by p_cleared is forgotten, of what is counted by p_given_back the last one.
CREATE OR REPLACE FUNCTION forgive_attempt(p_cleared bytea[], p_given_back bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    DELETE FROM attempts WHERE key = ANY (p_cleared);
    UPDATE attempts SET failures = failures - 1, waits_until = NULL WHERE key = ANY (p_given_back);
$$;
