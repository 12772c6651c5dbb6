-- The open and held slots that lie in $1 to $2, of a staff member ($3; NULL: of everybody), by start; of each how many were
-- asked for it, and the last four of them, the oldest first. None is longer than 24 hours. At most 500.
SELECT s.id, s.staff_id, s.starts_at, s.ends_at, s.status, s.hold_expires_at, s.fill_at, s.unfilled_reason,
       sv.name AS service_name,
       (SELECT count(*) FROM offers o WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id) AS asked,
       (SELECT jsonb_agg(jsonb_build_array(last.name, last.status) ORDER BY last.offered_at, last.id)
        FROM (SELECT o.id, o.status, o.offered_at, c.name
              FROM offers o JOIN customers c ON c.tenant_id = o.tenant_id AND c.id = o.customer_id
              WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id
              ORDER BY o.offered_at DESC, o.id DESC
              LIMIT 4) AS last) AS last_asked
FROM slots s
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
WHERE s.tenant_id = current_tenant() AND s.status IN ('open', 'held') AND ($3::uuid IS NULL OR s.staff_id = $3)
  AND s.starts_at > $1::timestamptz - interval '24 hours' AND s.starts_at < $2::timestamptz AND s.ends_at > $1
ORDER BY s.starts_at, s.id
LIMIT 500
