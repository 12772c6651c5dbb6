-- Has those requests of providers read whose job was lost or failed, five times at most; then they are the doctor's.
CREATE OR REPLACE FUNCTION reread_callbacks(p_now timestamptz, p_every interval) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH unread AS MATERIALIZED (
        SELECT tenant_id, id FROM callbacks
        WHERE read_at IS NULL AND again_at < p_now AND attempts < 5
        ORDER BY again_at LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), counted AS (
        UPDATE callbacks c SET attempts = c.attempts + 1, again_at = p_now + p_every
        FROM unread WHERE c.tenant_id = unread.tenant_id AND c.id = unread.id
        RETURNING c.tenant_id, c.id
    )
    SELECT count(enqueue_for(tenant_id, 'callback.read', id, 5, 'callback.read again ' || id)) FROM counted
$$;
