-- Has those letters sent whose time it is. Each comes back later, and later each time, should it not have been.
CREATE OR REPLACE FUNCTION send_due_letters(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT id FROM letters WHERE next_attempt_at <= p_now
        ORDER BY next_attempt_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE letters l SET next_attempt_at = p_now + interval '1 minute' * power(2, l.attempts)
        FROM due WHERE l.id = due.id
        RETURNING l.id
    )
    -- They are of no salon.
    SELECT count(*), count(enqueue_for('00000000-0000-0000-0000-000000000000', 'account.letter', id, 12)) FROM handed;
END $$;
