-- One closure.
SELECT c.id, c.staff_id, s.name AS staff_name, c.starts_at, c.ends_at, c.reason
FROM closures c LEFT JOIN staff s ON s.tenant_id = c.tenant_id AND s.id = c.staff_id
WHERE c.tenant_id = current_tenant() AND c.id = $1
