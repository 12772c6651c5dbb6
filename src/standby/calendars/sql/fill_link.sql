-- Has every coming booking of its staff member written to a calendar that was just linked, or connected anew: who connects
-- may have given another account than the last time.
WITH there AS MATERIALIZED (
    SELECT e.tenant_id, e.id FROM calendar_events e JOIN bookings b ON b.tenant_id = e.tenant_id AND b.id = e.booking_id
    WHERE e.tenant_id = current_tenant() AND e.link_id = $1 AND (b.ends_at > $2 OR e.written < e.wanted)
    ORDER BY e.id FOR NO KEY UPDATE OF e
), known AS (
    UPDATE calendar_events e SET wanted = e.wanted + 1, attempts = 0, failure = NULL, next_attempt_at = greatest($2, e.lease_until)
    FROM there WHERE e.tenant_id = there.tenant_id AND e.id = there.id
    RETURNING e.id
), added AS (
    INSERT INTO calendar_events (tenant_id, id, link_id, booking_id, starts_at, ends_at, service_id, customer_id, gone,
                                 next_attempt_at)
    SELECT b.tenant_id, gen_random_uuid(), l.id, b.id, b.starts_at, b.ends_at, b.service_id, b.customer_id, false, $2
    FROM calendar_links l
    JOIN bookings b ON b.tenant_id = l.tenant_id AND b.staff_id = l.staff_id AND b.status = 'confirmed'
                   AND b.starts_at > $2::timestamptz - interval '24 hours' AND b.ends_at > $2
    WHERE l.tenant_id = current_tenant() AND l.id = $1 AND l.writes
    ON CONFLICT (tenant_id, link_id, booking_id) DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM known) + (SELECT count(*) FROM added)
