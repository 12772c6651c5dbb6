-- Takes one letter to send, with the token of its link; an earlier link of it ends. No row: it is sent already, or
-- somebody is sending it, or there is nothing to send. A reset is for those who have an account,
-- and another email has to be nobody's.
CREATE OR REPLACE FUNCTION claim_letter(p_id uuid, p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (kind text, email text, locale text, details jsonb, salon text, known boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_letter letters;
    v_known boolean;
BEGIN
    UPDATE letters l
    SET token_hash = p_token_hash, ends_at = p_now + l.lifetime, attempts = l.attempts + 1,
        lease_until = p_now + interval '1 minute'
    WHERE l.id = p_id AND l.next_attempt_at IS NOT NULL AND coalesce(l.lease_until, '-infinity') <= p_now
    RETURNING l.* INTO v_letter;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_known := EXISTS (SELECT FROM users u WHERE lower(u.email) = lower(v_letter.email));
    IF v_letter.kind = 'reset' AND NOT v_known OR v_letter.kind = 'email' AND v_known THEN
        UPDATE letters l SET next_attempt_at = NULL, lease_until = NULL, used_at = p_now WHERE l.id = p_id;
        RETURN;
    END IF;
    RETURN QUERY SELECT v_letter.kind, v_letter.email, v_letter.locale, v_letter.details,
        coalesce((SELECT t.name FROM tenants t WHERE t.id = (v_letter.details ->> 'tenant')::uuid),
                 v_letter.details ->> 'salon'), v_known;
END $$;
