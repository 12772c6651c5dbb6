-- All bookings, past ones too: the same file may be imported again years later.
SELECT id, customer_id, staff_id, service_id, starts_at, ends_at, status FROM bookings
WHERE tenant_id = current_tenant()
