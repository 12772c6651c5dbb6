-- Customers with a phone number, one of whose names begins with $1 (lower case, LIKE's signs escaped), or (unless it is
-- NULL) whose number has the digits $2 in it; the closest first, at most $3. Reads all of the salon's: 10,000 in some ms.
SELECT id, name, phone, email
FROM customers
WHERE tenant_id = current_tenant() AND phone IS NOT NULL
  AND (lower(name) LIKE $1::text || '%' OR lower(name) LIKE '% ' || $1 || '%' OR phone LIKE '%' || $2::text || '%')
ORDER BY NOT lower(name) LIKE $1 || '%', lower(name), id
LIMIT $3
