-- Locks a customer: joins of one person are counted one after the other. False: they were erased.
SELECT erased_at IS NULL FROM customers WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE
