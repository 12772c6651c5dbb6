-- A provider tells by a channel that a calendar has changed: it is read in two seconds, so that many such calls are one
-- reading. Whether the channel is ours; one whose token is wrong, or whose calendar is to be connected anew, changes nothing.
CREATE OR REPLACE FUNCTION hear_push(p_channel uuid, p_token_hash bytea, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v record;
BEGIN
    SELECT p.tenant_id, p.link_id INTO v FROM calendar_pushes p WHERE p.id = p_channel AND p.token_hash = p_token_hash;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE calendar_links SET next_read_at = p_now + interval '2 seconds'
    WHERE tenant_id = v.tenant_id AND id = v.link_id AND next_read_at > p_now + interval '2 seconds' AND state = 'active';
    RETURN true;
END $$;
