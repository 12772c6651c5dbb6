-- Changes what an entry waits for, and looks at the open slots that could suit it now.
WITH entry AS (
    UPDATE waitlist_entries
    SET service_id = $2, staff_id = $3, earliest = $4, latest = $5, weekdays = $6, from_minute = $7, until_minute = $8
    WHERE tenant_id = current_tenant() AND id = $1
    RETURNING id
)
SELECT count(refill_for(id, $9)) AS changed FROM entry
