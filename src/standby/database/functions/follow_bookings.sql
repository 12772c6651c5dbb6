-- Notes for the calendars that take bookings what has become of those that a statement added or changed: one statement
-- for all of them, in the transaction of the change. What waits to be written already waits on; what is being written
-- right now is written again after that. A booking that is over, or was never confirmed, is not put into a calendar.
-- Links come before events (a new event locks its link against its end), and events by id: the order of locks.
CREATE OR REPLACE FUNCTION follow_bookings() RETURNS trigger
LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
DECLARE
    v_at timestamptz;
    v_more timestamptz;
BEGIN
    WITH added AS (
        INSERT INTO calendar_events (tenant_id, id, link_id, booking_id, starts_at, ends_at, service_id, customer_id, gone,
                                     next_attempt_at)
        SELECT b.tenant_id, gen_random_uuid(), l.id, b.id, b.starts_at, b.ends_at, b.service_id, b.customer_id, false,
               CASE WHEN l.state <> 'reconnect' THEN b.changed_at END
        FROM changed b JOIN calendar_links l ON l.tenant_id = b.tenant_id AND l.staff_id = b.staff_id AND l.writes
        WHERE b.status = 'confirmed' AND b.ends_at > b.changed_at
        ON CONFLICT (tenant_id, link_id, booking_id) DO NOTHING
        RETURNING next_attempt_at
    )
    SELECT max(next_attempt_at) INTO v_more FROM added;
    IF TG_OP = 'UPDATE' THEN
        WITH told AS MATERIALIZED (
            SELECT e.tenant_id, e.id, b.starts_at, b.ends_at, b.service_id, b.customer_id, b.changed_at, l.state,
                   b.status = 'cancelled' OR b.staff_id <> l.staff_id AS gone
            FROM changed b
            JOIN calendar_events e ON e.tenant_id = b.tenant_id AND e.booking_id = b.id
            JOIN calendar_links l ON l.tenant_id = e.tenant_id AND l.id = e.link_id
            WHERE (e.starts_at, e.ends_at, e.service_id, e.customer_id, e.gone) IS DISTINCT FROM
                  (b.starts_at, b.ends_at, b.service_id, b.customer_id, b.status = 'cancelled' OR b.staff_id <> l.staff_id)
            ORDER BY e.id FOR NO KEY UPDATE OF e
        ), noted AS (
            UPDATE calendar_events e
            SET starts_at = t.starts_at, ends_at = t.ends_at, service_id = t.service_id, customer_id = t.customer_id,
                gone = t.gone, wanted = e.wanted + 1, attempts = 0, failure = NULL,
                next_attempt_at = CASE WHEN t.state <> 'reconnect' THEN greatest(t.changed_at, e.lease_until) END
            FROM told t WHERE e.tenant_id = t.tenant_id AND e.id = t.id
            RETURNING t.changed_at
        )
        SELECT max(changed_at) INTO v_at FROM noted;
    END IF;
    v_at := greatest(v_at, v_more);
    IF v_at IS NOT NULL THEN
        PERFORM announce_deadline(v_at, v_at);
    END IF;
    RETURN NULL;
END $$;
