-- What must never be, for the operator to see (standby doctor): each row is one broken promise.
-- p_now: deadlines that passed more than p_late before it count as unwatched.
CREATE OR REPLACE FUNCTION broken_invariants(p_now timestamptz, p_late interval)
RETURNS TABLE (invariant text, tenant_id uuid, id uuid, details text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT 'one booking per slot', s.tenant_id, s.id, format('%s bookings', count(b.id))
    FROM slots s LEFT JOIN bookings b ON b.tenant_id = s.tenant_id AND b.slot_id = s.id AND b.status <> 'cancelled'
    WHERE s.status = 'booked' AND s.ends_at > p_now GROUP BY s.tenant_id, s.id HAVING count(b.id) <> 1
    UNION ALL
    SELECT 'a confirmed booking has a booked slot', b.tenant_id, b.id, s.status
    FROM bookings b JOIN slots s ON s.tenant_id = b.tenant_id AND s.id = b.slot_id
    WHERE b.status = 'confirmed' AND s.status <> 'booked'
    UNION ALL
    SELECT 'a held slot has an open offer', s.tenant_id, s.id, 'none'
    FROM slots s
    WHERE s.status = 'held' AND NOT EXISTS (SELECT FROM offers o WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id
                                                                   AND o.status = 'pending')
    UNION ALL
    SELECT 'an open offer holds its slot', o.tenant_id, o.id, s.status
    FROM offers o JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
    WHERE o.status = 'pending' AND s.status <> 'held'
    UNION ALL
    SELECT 'a notified entry has an open offer', e.tenant_id, e.id, 'none'
    FROM waitlist_entries e
    WHERE e.status = 'notified' AND NOT EXISTS (SELECT FROM offers o WHERE o.tenant_id = e.tenant_id
                                                                       AND o.entry_id = e.id AND o.status = 'pending')
    UNION ALL
    SELECT 'an open offer belongs to a notified entry', o.tenant_id, o.id, e.status
    FROM offers o JOIN waitlist_entries e ON e.tenant_id = o.tenant_id AND e.id = o.entry_id
    WHERE o.status = 'pending' AND e.status <> 'notified'
    UNION ALL
    SELECT 'an offer has a message', o.tenant_id, o.id, 'none'
    FROM offers o
    WHERE NOT EXISTS (SELECT FROM messages m WHERE m.tenant_id = o.tenant_id AND m.offer_id = o.id AND m.kind = 'offer')
    UNION ALL
    SELECT 'an offer ends when its time is over', o.tenant_id, o.id, format('expired at %s', o.expires_at)
    FROM offers o WHERE o.status = 'pending' AND o.expires_at < p_now - p_late
    UNION ALL
    SELECT 'a cooldown ends', e.tenant_id, e.id, format('until %s', e.cooldown_until)
    FROM waitlist_entries e WHERE e.status = 'cooldown' AND e.cooldown_until < p_now - p_late
    UNION ALL
    SELECT 'a message is looked after', m.tenant_id, m.id, format('%s since %s', m.status,
                                                                coalesce(m.next_attempt_at, m.lease_expires_at))
    FROM messages m
    WHERE m.status IN ('queued', 'sending') AND coalesce(m.next_attempt_at, m.lease_expires_at) < p_now - p_late
    UNION ALL
    SELECT 'a linked calendar is read', l.tenant_id, l.id, format('due since %s', l.next_read_at)
    FROM calendar_links l WHERE l.next_read_at < p_now - p_late
    UNION ALL
    SELECT 'a booking is written to its calendar', e.tenant_id, e.id, format('due since %s', e.next_attempt_at)
    FROM calendar_events e WHERE e.next_attempt_at < p_now - p_late
    UNION ALL
    SELECT 'an event is sent to its webhook', d.tenant_id, d.id, format('due since %s', d.look_at)
    FROM webhook_deliveries d WHERE d.look_at < p_now - p_late
    UNION ALL
    SELECT 'no message is sent twice unless one was uncertain or did not arrive', m.tenant_id, m.id,
           format('%s sends', count(*) FILTER (WHERE v.event = 'sent'))
    FROM messages m
    JOIN message_events v ON v.tenant_id = m.tenant_id AND v.message_id = m.id AND v.event IN ('sent', 'undelivered')
    GROUP BY m.tenant_id, m.id, m.resends
    HAVING count(*) FILTER (WHERE v.event = 'sent') > 1 + m.resends + count(*) FILTER (WHERE v.event = 'undelivered')
    UNION ALL
    SELECT 'nobody is booked twice at one time by one staff member', one.tenant_id, one.id, other.id::text
    FROM bookings one JOIN bookings other
      ON other.tenant_id = one.tenant_id AND other.staff_id = one.staff_id AND other.id > one.id
     AND other.starts_at < one.ends_at AND other.ends_at > one.starts_at
    WHERE one.status = 'confirmed' AND other.status = 'confirmed' AND one.ends_at > p_now
$$;
