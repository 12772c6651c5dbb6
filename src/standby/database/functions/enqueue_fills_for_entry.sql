-- Somebody waits (again): fills the open slots that could suit them, the earliest first. There can be many at once, when
-- a salon has many open slots; so they are less urgent than a slot that has just come free.
CREATE OR REPLACE FUNCTION enqueue_fills_for_entry(p_tenant uuid, p_entry uuid, p_now timestamptz) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    WITH suiting AS (
        SELECT s.tenant_id, s.id
        FROM waitlist_entries e
        JOIN slots s ON s.tenant_id = e.tenant_id AND s.service_id = e.service_id AND s.status = 'open'
                    AND s.starts_at > p_now AND s.starts_at >= e.earliest AND s.ends_at <= e.latest
                    AND (e.staff_id IS NULL OR e.staff_id = s.staff_id) AND s.fill_at IS NULL
        WHERE e.tenant_id = p_tenant AND e.id = p_entry AND e.status = 'waiting'
        ORDER BY s.starts_at
        LIMIT 50
    )
    SELECT count(enqueue_for(tenant_id, 'waitlist.fill', id, 3))::integer FROM suiting
$$;
