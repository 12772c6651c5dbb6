-- Whose session a cookie stands for, in which salon, and what they may do there now. No row: none, or it has ended.
-- p_used: it is being used, which is noted once a minute; a page that is merely open doesn't keep it from ending.
CREATE OR REPLACE FUNCTION find_session(p_token_hash bytea, p_now timestamptz, p_used boolean DEFAULT true)
RETURNS TABLE (id uuid, user_id uuid, email text, locale text, is_operator boolean, needs_code boolean, tenant_id uuid,
               role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    UPDATE sessions s SET seen_at = p_now
    WHERE p_used AND s.token_hash = p_token_hash AND s.ends_at > p_now AND s.seen_at + s.idle > p_now
      AND s.seen_at <= p_now - interval '1 minute';
    RETURN QUERY
    SELECT s.id, s.user_id, u.email, u.locale, u.is_operator, s.needs_code, m.tenant_id, m.role
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN memberships m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
    WHERE s.token_hash = p_token_hash AND s.ends_at > p_now AND s.seen_at + s.idle > p_now;
END $$;
