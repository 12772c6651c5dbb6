-- Has those imports taken up again that nobody has told of (a job that was lost), and forgets those that are over, with what
-- was sent for them.
CREATE OR REPLACE FUNCTION look_at_due_imports(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id, state IN ('checking', 'writing') AS runs FROM imports
        WHERE look_at <= p_now
        ORDER BY look_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE imports i SET look_at = p_now + interval '1 minute'
        FROM due WHERE due.runs AND i.tenant_id = due.tenant_id
        RETURNING i.tenant_id, i.id
    ), forgotten AS (
        DELETE FROM imports i USING due WHERE NOT due.runs AND i.tenant_id = due.tenant_id
        RETURNING i.id
    )
    SELECT (SELECT count(*) FROM handed) + (SELECT count(*) FROM forgotten),
           (SELECT count(enqueue_for(tenant_id, 'book.import', id, 2, 'book.import ' || id)) FROM handed);
END $$;
