-- Active entries with all that ranking asks about one slot: $1 slot, $2 its service, $3 starts, $4 ends, $5 now,
-- $6 the policy's channels, $7 messages per day and customer, $8 how many, $9 whether it asks for favourites (else NULL).
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
                 AND b.starts_at < $4 AND b.ends_at > $3)
       OR EXISTS (SELECT FROM offers o
                  JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
                  WHERE o.tenant_id = e.tenant_id AND o.customer_id = e.customer_id AND o.ended_at IS NULL
                    AND s.starts_at < $4 AND s.ends_at > $3) AS busy,
       CASE WHEN $9::boolean THEN ARRAY(
           SELECT ARRAY[p.aspect, p.value] FROM preferences p
           WHERE p.tenant_id = e.tenant_id AND p.customer_id = e.customer_id AND p.favourite) END AS favourites
FROM waitlist_entries e
JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id
WHERE e.tenant_id = current_tenant() AND e.status IN ('waiting', 'notified', 'cooldown')
ORDER BY e.service_id <> $2, e.joined_at, e.id
LIMIT $8
