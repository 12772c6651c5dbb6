-- Messages of which nobody knows whether they went out, newest first; resends says whether one was sent again.
CREATE OR REPLACE FUNCTION uncertain_messages()
RETURNS TABLE (tenant_id uuid, id uuid, kind text, status text, resends integer, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT m.tenant_id, m.id, m.kind, m.status, m.resends, m.created_at
    FROM messages m WHERE m.status = 'uncertain' OR m.resends > 0
    ORDER BY m.created_at DESC LIMIT 1000
$$;
