-- The customer's active entry for the same service and staff wish, if there is one.
SELECT id, service_id, staff_id, earliest, latest, weekdays, from_minute, until_minute FROM waitlist_entries
WHERE tenant_id = current_tenant() AND customer_id = $1 AND service_id = $2
  AND staff_wish = coalesce($3::uuid, '00000000-0000-0000-0000-000000000000')
  AND status IN ('waiting', 'notified', 'cooldown')
