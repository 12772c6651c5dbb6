-- The customers that are known: who was erased is nobody any more.
SELECT name, phone, email, vip, channels AS consent FROM customers
WHERE tenant_id = current_tenant() AND erased_at IS NULL ORDER BY id
