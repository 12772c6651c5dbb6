-- The salon's rules and what is different for a service ($1, or NULL).
SELECT to_jsonb(salon) AS salon_policy, to_jsonb(service) AS service_policy,
       EXISTS (SELECT FROM services WHERE tenant_id = current_tenant() AND id = $1::uuid) AS service_exists
FROM policies salon
LEFT JOIN policies service ON service.tenant_id = salon.tenant_id AND service.service_id = $1::uuid
WHERE salon.tenant_id = current_tenant() AND salon.service_id IS NULL
