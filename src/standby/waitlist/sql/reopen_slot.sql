-- Opens a slot again that was taken back, and enqueues its filling ($4 NULL), or lets its grace run until $4. Who has declined
-- it is not asked again. $2 actor, $3 now. No row: it wasn't taken back, or is open again.
WITH slot AS (
    UPDATE slots
    SET status = 'open', fill_at = $4::timestamptz, checked_at = NULL, unfilled_reason = NULL, reason = 'put_back', actor = $2,
        changed_at = $3
    WHERE tenant_id = current_tenant() AND id = $1 AND status = 'cancelled' AND reason = 'taken_back'
    RETURNING id, fill_at
)
SELECT id, (SELECT count(enqueue('waitlist.fill', id, 10)) FROM slot WHERE fill_at IS NULL) AS fills,
       announce_deadline($4, $3)
FROM slot
