-- Locks a customer: joins of one person are counted one after the other.
SELECT id FROM customers WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE
