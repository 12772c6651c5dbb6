-- Notes that an event could not be written, and when that is tried again ($4); NULL: when it changes. What was changed in
-- between ($2 was to be written) is tried at once.
UPDATE calendar_events
SET lease_until = NULL, failure = $3,
    next_attempt_at = CASE WHEN wanted > $2 THEN least($4::timestamptz, $5::timestamptz) ELSE $4::timestamptz END
WHERE tenant_id = current_tenant() AND id = $1 AND next_attempt_at IS NOT NULL
