-- The first 200 messages that are due, taken in turn: every salon's first, then every salon's second, and so on. Goes from
-- salon to salon by an index, so it takes as long as there are salons that have messages waiting, whatever their number.
CREATE OR REPLACE FUNCTION due_messages_in_turn(p_now timestamptz)
RETURNS TABLE (tenant_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
    WITH RECURSIVE salon (tenant_id) AS (
        (SELECT m.tenant_id FROM messages m WHERE m.next_attempt_at IS NOT NULL ORDER BY m.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT m.tenant_id FROM messages m
                WHERE m.next_attempt_at IS NOT NULL AND m.tenant_id > salon.tenant_id ORDER BY m.tenant_id LIMIT 1)
        FROM salon WHERE salon.tenant_id IS NOT NULL
    )
    SELECT salon.tenant_id, due.id
    FROM salon
    CROSS JOIN LATERAL (
        SELECT m.id, m.next_attempt_at,
               row_number() OVER (ORDER BY m.next_attempt_at, m.created_at, m.id) AS turn
        FROM messages m
        WHERE m.tenant_id = salon.tenant_id AND m.next_attempt_at <= p_now
        ORDER BY m.next_attempt_at, m.created_at, m.id LIMIT 50
    ) AS due
    ORDER BY due.turn, due.next_attempt_at
    LIMIT 200
$$;
