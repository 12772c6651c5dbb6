-- A slot in one of the states $4 that takes some of this staff member's time $2 to $3, except the slot $5. None is longer
-- than 24 hours, and no buffer than 4.
SELECT id FROM slots
WHERE tenant_id = current_tenant() AND staff_id = $1 AND status = ANY ($4::text[])
  AND coalesce(blocked_from, starts_at) < $3 AND coalesce(blocked_until, ends_at) > $2
  AND starts_at > $2::timestamptz - interval '28 hours' AND starts_at < $3::timestamptz + interval '4 hours'
  AND id IS DISTINCT FROM $5
LIMIT 1
