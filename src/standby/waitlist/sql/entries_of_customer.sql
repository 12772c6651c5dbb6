-- What a customer ($1) waits for, the longest first; at most 50.
SELECT e.id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute, e.status,
       e.cooldown_until, e.joined_at, sv.name AS service_name, st.name AS staff_name
FROM waitlist_entries e
JOIN services sv ON sv.tenant_id = e.tenant_id AND sv.id = e.service_id
LEFT JOIN staff st ON st.tenant_id = e.tenant_id AND st.id = e.staff_id
WHERE e.tenant_id = current_tenant() AND e.customer_id = $1 AND e.status IN ('waiting', 'notified', 'cooldown')
ORDER BY e.joined_at, e.id
LIMIT 50
