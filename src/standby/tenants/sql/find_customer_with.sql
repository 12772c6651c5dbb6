-- The customer with this number (E.164), as the salon knows them; no row: there is none.
SELECT id, name, phone, email, channels FROM customers WHERE tenant_id = current_tenant() AND phone = $1
