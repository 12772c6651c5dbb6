-- Deletes what was written down of people's changes before a time.
CREATE OR REPLACE FUNCTION forget_audit(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ DELETE FROM audit_log WHERE at < p_before $$;
