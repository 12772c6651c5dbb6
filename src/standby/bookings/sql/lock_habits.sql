-- Locks a customer for counting, so that their visits are counted by one at a time; no row: there is no such customer.
-- Who refers to them goes on (bookings, entries); who changes them waits.
SELECT c.id, t.timezone
FROM customers c
JOIN tenants t ON t.id = c.tenant_id
WHERE c.tenant_id = current_tenant() AND c.id = $1
FOR NO KEY UPDATE OF c
