SELECT t.name AS salon_name, t.locale, $2 = ANY (c.channels) AS agreed,
       cardinality(array_remove(c.channels, $2)) > 0 AS others
FROM customers c
JOIN tenants t ON t.id = c.tenant_id
WHERE c.tenant_id = current_tenant() AND c.id = $1
