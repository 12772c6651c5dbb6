-- An attempt succeeded: what is counted by p_cleared is forgotten, of what is counted by p_given_back the last one.
CREATE OR REPLACE FUNCTION forgive_attempt(p_cleared bytea[], p_given_back bytea[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    PERFORM FROM attempts WHERE key = ANY (p_cleared || p_given_back) ORDER BY key FOR UPDATE;  -- As take_attempt does.
    DELETE FROM attempts WHERE key = ANY (p_cleared);
    UPDATE attempts SET failures = failures - 1, waits_until = NULL WHERE key = ANY (p_given_back);
END $$;
