-- Can a time that came free be worked, and by which rules is it offered? $1 service, $2 staff, $3 starts, $4 ends, $5 and $6
-- the same with its buffers. No slot is longer than 24 hours, and no buffer than 4.
SELECT (SELECT timezone FROM tenants WHERE id = salon.tenant_id) AS timezone, to_jsonb(salon) AS salon_policy,
       to_jsonb(service) AS service_policy,
       (SELECT active FROM staff WHERE tenant_id = salon.tenant_id AND id = $2::uuid) AS staff_active,
       (SELECT active FROM services WHERE tenant_id = salon.tenant_id AND id = $1::uuid) AS service_active,
       EXISTS (SELECT FROM absences c
               WHERE c.tenant_id = salon.tenant_id AND (c.staff_id IS NULL OR c.staff_id = $2)
                 AND c.starts_at < $4::timestamptz AND c.ends_at > $3::timestamptz) AS closed,
       EXISTS (SELECT FROM slots s
               WHERE s.tenant_id = salon.tenant_id AND s.staff_id = $2 AND s.status IN ('held', 'booked')
                 AND coalesce(s.blocked_from, s.starts_at) < $6::timestamptz
                 AND coalesce(s.blocked_until, s.ends_at) > $5::timestamptz
                 AND s.starts_at > $5 - interval '28 hours' AND s.starts_at < $6 + interval '4 hours') AS taken
FROM policies salon
LEFT JOIN policies service ON service.tenant_id = salon.tenant_id AND service.service_id = $1
WHERE salon.tenant_id = current_tenant() AND salon.service_id IS NULL
