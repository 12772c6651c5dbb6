-- How urgent a message's job is among those of all salons: p_urgency, or less than anything else if at least ten others
-- of its salon are before it in the salon's line. So a salon's thousands are worked off when nobody else has work.
CREATE OR REPLACE FUNCTION send_priority(p_tenant uuid, p_id uuid, p_created_at timestamptz, p_urgency integer)
RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT CASE WHEN EXISTS (
        SELECT FROM messages m
        WHERE m.tenant_id = p_tenant AND m.next_attempt_at IS NOT NULL AND NOT m.rate_granted
          AND (m.created_at, m.id) < (p_created_at, p_id)
        ORDER BY m.created_at, m.id OFFSET 9 LIMIT 1) THEN 1 ELSE p_urgency END
$$;
