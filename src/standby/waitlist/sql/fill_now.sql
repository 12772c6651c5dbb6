-- Enqueues the filling of an open slot. Returns how many wait, up to 100; no row: it is not open.
WITH slot AS (
    UPDATE slots SET fill_at = NULL WHERE tenant_id = current_tenant() AND id = $1 AND status = 'open'
    RETURNING id, service_id
)
SELECT (SELECT count(*) FROM (SELECT FROM waitlist_entries e
                              WHERE e.tenant_id = current_tenant() AND e.service_id = slot.service_id
                                AND e.status = 'waiting' LIMIT 100) AS first) AS waiting,
       enqueue('waitlist.fill', slot.id, 10)
FROM slot
