-- Up to $3 customers who have $1 in their name, or the digits $2 (unless it is NULL) in their phone number.
SELECT c.id FROM customers c
WHERE c.tenant_id = current_tenant()
  AND (position(lower($1) IN lower(c.name)) > 0 OR position($2::text IN c.phone) > 0)
ORDER BY c.name, c.id
LIMIT $3
