-- A slot in one of the states $4 that takes some of this staff member's time. None is longer than 24 hours.
SELECT id FROM slots
WHERE tenant_id = current_tenant() AND staff_id = $1 AND status = ANY ($4::text[])
  AND starts_at < $3 AND ends_at > $2 AND starts_at > $2::timestamptz - interval '24 hours'
LIMIT 1
