-- Locks an open slot for filling and reads all that deciding needs. No row: it is not open (any more).
-- A salon's slots are filled one after the other: side by side they would all reach for the same person, wait for each
-- other and look again, and could offer somebody who is on the list twice two appointments at one time.
WITH turn AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtext('waitlist.fill'), hashtext(current_tenant()::text))
)
SELECT s.id, s.service_id, s.staff_id, s.starts_at, s.ends_at, s.freed_by_customer_id, t.timezone,
       to_jsonb(salon) AS salon_policy, to_jsonb(service) AS service_policy,
       (SELECT active FROM staff WHERE tenant_id = s.tenant_id AND id = s.staff_id) AS staff_active,
       (SELECT active FROM services WHERE tenant_id = s.tenant_id AND id = s.service_id) AS service_active,
       EXISTS (SELECT FROM absences c
               WHERE c.tenant_id = s.tenant_id AND (c.staff_id IS NULL OR c.staff_id = s.staff_id)
                 AND c.starts_at < s.ends_at AND c.ends_at > s.starts_at) AS closed
FROM turn
CROSS JOIN slots s
JOIN tenants t ON t.id = s.tenant_id
JOIN policies salon ON salon.tenant_id = s.tenant_id AND salon.service_id IS NULL
LEFT JOIN policies service ON service.tenant_id = s.tenant_id AND service.service_id = s.service_id
WHERE s.tenant_id = current_tenant() AND s.id = $1 AND s.status = 'open'
FOR UPDATE OF s
