-- Locks customers: who joins the waitlist at this moment is counted before or after, never beside.
SELECT FROM customers WHERE tenant_id = current_tenant() AND id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
