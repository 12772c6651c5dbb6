-- Has those requests of providers read whose job was lost; one that failed again and again is left for the doctor.
CREATE OR REPLACE FUNCTION reread_callbacks(p_before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH unread AS (
        SELECT tenant_id, id FROM callbacks
        WHERE read_at IS NULL AND received_at < p_before AND attempts < 5
        ORDER BY received_at LIMIT 200
    )
    SELECT count(enqueue_for(tenant_id, 'callback.read', id, 5, 'callback.read again ' || id)) FROM unread
$$;
