-- How many appointments a customer ($1) has to come after $2, whoever made them, and the salon's rules.
SELECT (SELECT count(*) FROM bookings b
        WHERE b.tenant_id = p.tenant_id AND b.customer_id = $1 AND b.status = 'confirmed' AND b.starts_at > $2) AS current,
       to_jsonb(p) AS policy
FROM policies p WHERE p.tenant_id = current_tenant() AND p.service_id IS NULL
