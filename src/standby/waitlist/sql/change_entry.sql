-- Changes what an entry waits for, and looks at the open slots that could suit it now.
WITH entry AS (
    UPDATE waitlist_entries
    SET service_id = $2, staff_id = $3, earliest = $4, latest = $5, weekdays = $6, from_minute = $7, until_minute = $8
    WHERE tenant_id = current_tenant() AND id = $1
    RETURNING status
), slot AS (
    SELECT s.id
    FROM slots s, entry
    WHERE s.tenant_id = current_tenant() AND s.service_id = $2 AND s.status = 'open' AND s.starts_at > $9
      AND s.starts_at >= $4 AND s.ends_at <= $5 AND ($3::uuid IS NULL OR s.staff_id = $3) AND s.fill_at IS NULL
      AND entry.status = 'waiting'
    ORDER BY s.starts_at
    LIMIT 50
)
SELECT (SELECT count(*) FROM entry) AS changed, (SELECT count(enqueue('waitlist.fill', id, 10)) FROM slot) AS fills
