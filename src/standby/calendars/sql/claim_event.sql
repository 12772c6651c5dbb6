-- Takes what is to be written to a calendar, as it is now, with a lease; rivals and a job that came twice get no row.
UPDATE calendar_events e
SET lease_until = $3, next_attempt_at = $3, attempts = e.attempts + 1
FROM bookings b, calendar_links l, tenants t, services sv, customers c
WHERE e.tenant_id = current_tenant() AND e.id = $1 AND e.written < e.wanted
  AND e.next_attempt_at IS NOT NULL AND (e.lease_until IS NULL OR e.lease_until <= $2)
  AND b.tenant_id = e.tenant_id AND b.id = e.booking_id
  AND l.tenant_id = e.tenant_id AND l.id = e.link_id AND l.state <> 'reconnect'
  AND t.id = e.tenant_id
  AND sv.tenant_id = b.tenant_id AND sv.id = b.service_id
  AND c.tenant_id = b.tenant_id AND c.id = b.customer_id
RETURNING e.id, e.link_id, e.booking_id, e.wanted, e.attempts, e.place AS event_place, b.sequence, b.starts_at, b.ends_at,
          b.changed_at, b.status = 'cancelled' OR b.staff_id <> l.staff_id AS gone,
          l.staff_id, l.kind, l.address, l.secrets, t.timezone, t.name AS salon_name, sv.name AS service_name,
          c.name AS customer_name
