-- Forgets the codes that were asked for before p_before, and the numbers that they went to. That something was sent stays.
CREATE OR REPLACE FUNCTION forget_verifications(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH old AS (
        DELETE FROM verifications WHERE created_at < p_before RETURNING tenant_id, id
    ), unsaid AS (
        UPDATE message_events e SET details = '' FROM old
        WHERE e.tenant_id = old.tenant_id AND e.message_id = old.id AND e.details <> ''
    )
    UPDATE messages m SET address = NULL FROM old WHERE m.tenant_id = old.tenant_id AND m.id = old.id;
$$;
