-- The offers that an entry was made, the newest first, each with its time and why it was this one. By its customer, for
-- that is the index there is.
SELECT o.id, o.status, o.reason, o.actor, o.score, o.breakdown, o.offered_at, o.sent_at, o.expires_at, o.ended_at,
       s.id AS slot_id, s.starts_at, s.ends_at, sv.name AS service_name, st.name AS staff_name
FROM waitlist_entries e
JOIN offers o ON o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id AND o.entry_id = e.id
JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
WHERE e.tenant_id = current_tenant() AND e.id = $1
ORDER BY o.offered_at DESC, o.id DESC
LIMIT 100
