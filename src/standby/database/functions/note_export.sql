-- Writes down that somebody was given all that the caller's salon knows of a customer (none: its whole book); nothing, if
-- nobody asked.
CREATE OR REPLACE FUNCTION note_export(p_customer uuid DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, entity_id)
    SELECT current_tenant(), (a ->> 'at')::timestamptz, a ->> 'actor', (a ->> 'address')::inet, a ->> 'request_id', 'export',
           CASE WHEN p_customer IS NULL THEN 'salon' ELSE 'customer' END, p_customer
    FROM (SELECT nullif(current_setting('standby.author', true), '')::jsonb) AS author (a)
    WHERE a IS NOT NULL
$$;
