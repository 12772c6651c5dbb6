-- Writes down that somebody has sent a test by a channel of the caller's salon; nothing, if nobody asked. To whom is not told.
CREATE OR REPLACE FUNCTION note_trial(p_channel text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, after)
    SELECT current_tenant(), (a ->> 'at')::timestamptz, a ->> 'actor', (a ->> 'address')::inet, a ->> 'request_id', 'test',
           'sender', jsonb_build_object('channel', p_channel)
    FROM (SELECT nullif(current_setting('standby.author', true), '')::jsonb) AS author (a)
    WHERE a IS NOT NULL
$$;
