-- The open slots that lie in a time $2 to $3 which is booked directly. None is longer than 24 hours, and no buffer than 4.
UPDATE slots
SET status = 'cancelled', fill_at = NULL, reason = 'booked_directly', actor = $4, changed_at = $5
WHERE tenant_id = current_tenant() AND staff_id = $1 AND status = 'open'
  AND coalesce(blocked_from, starts_at) < $3 AND coalesce(blocked_until, ends_at) > $2
  AND starts_at > $2::timestamptz - interval '28 hours' AND starts_at < $3::timestamptz + interval '4 hours'
