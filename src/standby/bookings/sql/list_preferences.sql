-- A customer's preferences, the most liked first within an aspect; the names of what has one.
SELECT p.aspect, p.value, p.visits, p.weight, p.favourite, coalesce(sv.name, st.name) AS name
FROM preferences p
LEFT JOIN services sv ON sv.tenant_id = p.tenant_id AND sv.id = CASE p.aspect WHEN 'service' THEN p.value::uuid END
LEFT JOIN staff st ON st.tenant_id = p.tenant_id AND st.id = CASE p.aspect WHEN 'staff' THEN p.value::uuid END
WHERE p.tenant_id = current_tenant() AND p.customer_id = $1
ORDER BY p.aspect, p.weight DESC, p.visits DESC, p.value
