-- Forgets the codes that were asked for before p_before, and the numbers that they went to. That something was sent stays.
CREATE OR REPLACE FUNCTION forget_verifications(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    UPDATE message_events e SET details = '' FROM verifications v
    WHERE v.created_at < p_before AND e.tenant_id = v.tenant_id AND e.message_id = v.id AND e.details <> '';
    UPDATE messages m SET address = NULL FROM verifications v
    WHERE v.created_at < p_before AND m.tenant_id = v.tenant_id AND m.id = v.id AND m.address IS NOT NULL;
    DELETE FROM verifications WHERE created_at < p_before;
$$;
