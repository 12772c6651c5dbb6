-- The open slots of a service after $3, by start; $2 a staff member's or NULL.
SELECT s.id, s.staff_id, s.starts_at, s.ends_at, st.name AS staff_name
FROM slots s
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE s.tenant_id = current_tenant() AND s.service_id = $1 AND s.status = 'open' AND s.starts_at > $3
  AND ($2::uuid IS NULL OR s.staff_id = $2)
ORDER BY s.starts_at, s.id
LIMIT 20
