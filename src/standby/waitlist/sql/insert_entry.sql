-- A new entry, and a look at the open slots that could suit it.
WITH entry AS (
    INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays,
                                  from_minute, until_minute, vip, status, joined_at, reason, actor, changed_at)
    VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, 'joined', $12, $11)
    RETURNING id
), slot AS (
    SELECT s.id
    FROM slots s
    WHERE s.tenant_id = current_tenant() AND s.service_id = $3 AND s.status = 'open' AND s.starts_at > $11
      AND s.starts_at >= $5 AND s.ends_at <= $6 AND ($4::uuid IS NULL OR s.staff_id = $4) AND s.fill_at IS NULL
    ORDER BY s.starts_at
    LIMIT 50
)
SELECT (SELECT count(*) FROM entry) AS inserted, (SELECT count(enqueue('waitlist.fill', id, 10)) FROM slot) AS fills
