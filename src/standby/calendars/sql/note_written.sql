-- Notes that a calendar has change $2 of an event. What was changed in between is due at once.
UPDATE calendar_events
SET written = $2, place = $3, lease_until = NULL, failure = NULL, attempts = 0,
    next_attempt_at = CASE WHEN wanted > $2 THEN $4::timestamptz END
WHERE tenant_id = current_tenant() AND id = $1
RETURNING wanted > written AS changed_since
