-- The wish of an entry that was taken off the list, on it again with the wait, the VIP and the override that it had, and a
-- look at the open slots that could suit it. $1 new id, $2 the entry, $3 now, $4 actor. No row: it
-- wasn't taken off, the customer left by themselves, or nobody knows any more who they are.
WITH entry AS (
    INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays,
                                  from_minute, until_minute, vip, priority_override, misses, status, joined_at, reason,
                                  actor, changed_at)
    SELECT e.tenant_id, $1, e.customer_id, e.service_id, e.staff_id, e.earliest, e.latest, e.weekdays, e.from_minute,
           e.until_minute, e.vip, e.priority_override, e.misses, 'waiting', e.joined_at, 'put_back', $4, $3
    FROM waitlist_entries e
    JOIN customers c ON c.tenant_id = e.tenant_id AND c.id = e.customer_id AND c.erased_at IS NULL
    WHERE e.tenant_id = current_tenant() AND e.id = $2 AND e.status = 'cancelled' AND e.actor <> 'customer'
    RETURNING id
)
SELECT count(refill_for(id, $3)) AS inserted FROM entry HAVING count(*) > 0
