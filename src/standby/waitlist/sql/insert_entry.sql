-- A new entry, and a look at the open slots that could suit it.
WITH entry AS (
    INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays,
                                  from_minute, until_minute, vip, status, joined_at, reason, actor, changed_at)
    VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, 'joined', $12, $11)
    RETURNING id
)
SELECT count(refill_for(id, $11)) AS inserted FROM entry
