-- The clock of the salon that this transaction works for.
SELECT timezone FROM tenants WHERE id = current_tenant()
