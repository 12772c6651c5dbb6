-- How much a salon has, of what it may have much of.
SELECT (SELECT count(*) FROM customers WHERE tenant_id = current_tenant() AND erased_at IS NULL) AS customers,
       (SELECT count(*) FROM bookings WHERE tenant_id = current_tenant()) AS bookings,
       (SELECT count(*) FROM waitlist_entries WHERE tenant_id = current_tenant() AND ended_at IS NULL) AS entries
