-- One entry with the names that people know it by, and how they may be reached. taken_off: somebody else than the customer, who is still known, ended it.
SELECT e.id, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute,
       e.vip, e.priority_override, e.status, e.misses, e.cooldown_until, e.booking_id, e.joined_at, e.ended_at,
       e.reason, e.status = 'cancelled' AND e.actor <> 'customer' AND c.erased_at IS NULL AS taken_off,
       c.name AS customer_name, c.phone, c.email, c.channels, sv.name AS service_name, st.name AS staff_name
FROM waitlist_entries e
JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
JOIN services sv ON sv.tenant_id = e.tenant_id AND sv.id = e.service_id
LEFT JOIN staff st ON st.tenant_id = e.tenant_id AND st.id = e.staff_id
WHERE e.tenant_id = current_tenant() AND e.id = $1
