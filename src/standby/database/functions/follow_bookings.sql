-- Notes for the calendars that take bookings what has become of those that a statement added or changed: one statement
-- for all of them, in the transaction of the change. What waits to be written already waits on; what is being written
-- right now is written again after that. A booking that is over, or was never confirmed, is not put into a calendar.
CREATE OR REPLACE FUNCTION follow_bookings() RETURNS trigger
LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
DECLARE
    v_at timestamptz;
    v_more timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        WITH noted AS (
            UPDATE calendar_events e
            SET starts_at = b.starts_at, ends_at = b.ends_at, service_id = b.service_id, customer_id = b.customer_id,
                gone = b.status = 'cancelled' OR b.staff_id <> l.staff_id, wanted = e.wanted + 1, attempts = 0,
                failure = NULL,
                next_attempt_at = CASE WHEN l.state <> 'reconnect' THEN greatest(b.changed_at, e.lease_until) END
            FROM changed b, calendar_links l
            WHERE e.tenant_id = b.tenant_id AND e.booking_id = b.id AND l.tenant_id = e.tenant_id AND l.id = e.link_id
              AND (e.starts_at, e.ends_at, e.service_id, e.customer_id, e.gone) IS DISTINCT FROM
                  (b.starts_at, b.ends_at, b.service_id, b.customer_id, b.status = 'cancelled' OR b.staff_id <> l.staff_id)
            RETURNING b.changed_at
        )
        SELECT max(changed_at) INTO v_at FROM noted;
    END IF;
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
    v_at := greatest(v_at, v_more);
    IF v_at IS NOT NULL THEN
        PERFORM announce_deadline(v_at, v_at);
    END IF;
    RETURN NULL;
END $$;
