-- The country of the salon that this transaction works for.
SELECT country FROM tenants WHERE id = current_tenant()
