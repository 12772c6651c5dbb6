-- Forgets the lines that are empty since p_before: they limit nobody.
CREATE OR REPLACE FUNCTION forget_permits(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ DELETE FROM public_limits WHERE tat < p_before $$;
