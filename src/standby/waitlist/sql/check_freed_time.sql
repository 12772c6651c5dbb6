-- Can a time that came free be worked, and by which rules is it offered? $1 service, $2 staff, $3 starts, $4 ends.
SELECT (SELECT timezone FROM tenants WHERE id = salon.tenant_id) AS timezone, to_jsonb(salon) AS salon_policy,
       to_jsonb(service) AS service_policy,
       (SELECT active FROM staff WHERE tenant_id = salon.tenant_id AND id = $2::uuid) AS staff_active,
       (SELECT active FROM services WHERE tenant_id = salon.tenant_id AND id = $1::uuid) AS service_active,
       EXISTS (SELECT FROM absences c
               WHERE c.tenant_id = salon.tenant_id AND (c.staff_id IS NULL OR c.staff_id = $2)
                 AND c.starts_at < $4::timestamptz AND c.ends_at > $3::timestamptz) AS closed
FROM policies salon
LEFT JOIN policies service ON service.tenant_id = salon.tenant_id AND service.service_id = $1
WHERE salon.tenant_id = current_tenant() AND salon.service_id IS NULL
