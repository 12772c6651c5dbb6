-- Locks one entry.
SELECT id, customer_id, service_id, staff_id, earliest, latest, weekdays, from_minute, until_minute, vip,
       priority_override, status, joined_at
FROM waitlist_entries WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE
