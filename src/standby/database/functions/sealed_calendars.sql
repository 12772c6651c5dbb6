-- All salons' linked calendars that have secrets, as they are kept: sealed.
CREATE OR REPLACE FUNCTION sealed_calendars()
RETURNS TABLE (tenant_id uuid, id uuid, secrets bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ SELECT l.tenant_id, l.id, l.secrets FROM calendar_links l WHERE l.secrets IS NOT NULL $$;
