-- What the free times of a service depend on, but for its staff. No row: there is no such service, or not any more.
SELECT s.duration_minutes, s.buffer_before_minutes, s.buffer_after_minutes, t.timezone,
       to_jsonb(salon) AS salon_policy, to_jsonb(own) AS service_policy,
       (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.opens_minute, h.closes_minute))
        FROM business_hours h WHERE h.tenant_id = s.tenant_id) AS hours
FROM services s
JOIN tenants t ON t.id = s.tenant_id
JOIN policies salon ON salon.tenant_id = s.tenant_id AND salon.service_id IS NULL
LEFT JOIN policies own ON own.tenant_id = s.tenant_id AND own.service_id = s.id
WHERE s.tenant_id = current_tenant() AND s.id = $1 AND s.active
