-- Everybody who waits, or will again.
SELECT id, customer_id, service_id, staff_id, earliest, latest, weekdays, from_minute, until_minute, vip,
       priority_override AS priority, joined_at AS joined
FROM waitlist_entries
WHERE tenant_id = current_tenant() AND status IN ('waiting', 'notified', 'cooldown')
