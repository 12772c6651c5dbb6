-- The closures that end after $1.
SELECT c.id, c.staff_id, s.name AS staff_name, c.starts_at, c.ends_at, c.reason
FROM closures c LEFT JOIN staff s ON s.tenant_id = c.tenant_id AND s.id = c.staff_id
WHERE c.tenant_id = current_tenant() AND c.ends_at > $1
ORDER BY c.starts_at, c.id LIMIT 1000
