-- Keeps a linked calendar's secrets as they were sealed anew, unless they have changed since they were read.
CREATE OR REPLACE FUNCTION reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE calendar_links SET secrets = p_new WHERE tenant_id = p_tenant AND id = p_link AND secrets = p_old
$$;
