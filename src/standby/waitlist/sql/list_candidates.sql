-- Active entries with all that ranking asks about one slot: $1 slot, $2 its service, $3 starts, $4 ends, $5 now,
-- $6 the policy's channels, $7 messages per day and customer, $8 how many, $9 whether it asks for favourites (else NULL).
-- OFFSET 0 has the planner look up each one's customer: made a join, it may hold everybody against everybody.
-- No appointment is longer than 24 hours.
WITH first AS MATERIALIZED (
    SELECT id, tenant_id, customer_id, service_id, staff_id, earliest, latest, weekdays, from_minute, until_minute,
           vip, priority_override, status, joined_at
    FROM waitlist_entries
    WHERE tenant_id = current_tenant() AND status IN ('waiting', 'notified', 'cooldown')
    ORDER BY service_id <> $2, joined_at, id
    LIMIT $8
)
SELECT e.id, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute,
       e.vip, e.priority_override, e.status, e.joined_at, c.name AS customer_name,
       EXISTS (SELECT FROM offers o WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id
                                      AND o.slot_id = $1 AND o.status = 'declined') AS declined_it,
       EXISTS (SELECT FROM offers o WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id
                                      AND o.slot_id = $1 AND o.reason = 'undelivered') AS undeliverable,
       c.channels && $6::text[] AS reachable,
       (SELECT count(*) FROM messages m
        WHERE m.tenant_id = e.tenant_id AND m.customer_id = e.customer_id
          AND m.created_at > $5::timestamptz - interval '24 hours') < $7::integer AS under_message_cap,
       EXISTS (SELECT FROM bookings b
               WHERE b.tenant_id = e.tenant_id AND b.customer_id = e.customer_id AND b.status = 'confirmed'
                 AND b.starts_at > $3::timestamptz - interval '24 hours' AND b.starts_at < $4 AND b.ends_at > $3)
       OR EXISTS (SELECT FROM offers o
                  JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
                  WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id AND o.status = 'pending'
                    AND s.starts_at < $4 AND s.ends_at > $3) AS busy,
       CASE WHEN $9::boolean THEN ARRAY(
           SELECT ARRAY[p.aspect, p.value] FROM preferences p
           WHERE p.tenant_id = e.tenant_id AND p.customer_id = e.customer_id AND p.favourite) END AS favourites
FROM first e
CROSS JOIN LATERAL (
    SELECT name, channels FROM customers
    WHERE tenant_id = e.tenant_id AND id = e.customer_id
    OFFSET 0
) AS c
ORDER BY e.service_id <> $2, e.joined_at, e.id
