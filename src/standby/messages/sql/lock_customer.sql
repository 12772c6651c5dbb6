-- Locks a customer: their words are taken one after the other.
SELECT id FROM customers WHERE tenant_id = current_tenant() AND id = $1 FOR NO KEY UPDATE
