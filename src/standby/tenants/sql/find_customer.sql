-- A customer as the salon knows them; no row: there is none, or not any more.
SELECT id, name, phone, email, channels FROM customers
WHERE tenant_id = current_tenant() AND id = $1 AND erased_at IS NULL
