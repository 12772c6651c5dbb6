-- Opens a slot and enqueues its filling ($8 NULL), or lets its grace run until $8. $11 and $12 are its buffers' ends.
-- Returns how many wait, up to 100.
WITH slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, freed_by_customer_id, fill_at,
                       reason, actor, changed_at, created_at, blocked_from, blocked_until)
    VALUES (current_tenant(), $1, $2, $3, $4, $5, 'open', $6, $8::timestamptz, $7, $9, $10, $10, $11, $12)
    RETURNING id, fill_at
)
SELECT (SELECT count(*) FROM (SELECT FROM waitlist_entries
                              WHERE tenant_id = current_tenant() AND service_id = $3 AND status = 'waiting'
                              LIMIT 100) AS first) AS waiting,
       (SELECT count(enqueue('waitlist.fill', id, 10)) FROM slot WHERE fill_at IS NULL) AS fills,
       announce_deadline($8, $10)
