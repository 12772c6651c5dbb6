-- Open slots to come for which nobody was found when they were last looked at, by start, with why.
SELECT s.id, s.staff_id, s.starts_at, s.ends_at, s.unfilled_reason, s.fill_at, sv.name AS service_name, st.name AS staff_name
FROM services sv
JOIN slots s ON s.tenant_id = sv.tenant_id AND s.service_id = sv.id AND s.status = 'open' AND s.starts_at > $1
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE sv.tenant_id = current_tenant() AND s.unfilled_reason IS NOT NULL
ORDER BY s.starts_at, s.id
LIMIT $2
