-- Counts the usage of a send that a provider's own report has settled; the last that a transaction does (count_usage).
-- Of how many segments it was, nobody knows any more.
CREATE OR REPLACE FUNCTION count_settled(p_message uuid, p_provider text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    PERFORM count_usage(ARRAY[current_tenant()], ARRAY[p_message], ARRAY['sent'], ARRAY[p_provider], ARRAY[1], ARRAY[p_at]);
END $$;
