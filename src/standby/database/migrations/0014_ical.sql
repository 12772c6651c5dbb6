-- iCalendar: private feeds, and what they have to take back of bookings that went to somebody else
-- depends: 0013_calendars

-- migrate: apply

-- An address where a calendar program reads bookings: a staff member's, or the whole salon's (staff_id NULL).
CREATE TABLE calendar_feeds (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    id             uuid NOT NULL,
    staff_id       uuid,
    token_hash     bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    contacts       boolean NOT NULL,  -- whether it tells the customers' full names and numbers
    created_at     timestamptz NOT NULL,  -- of this token
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, staff_id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- Bookings that were a staff member's until they went to another one, with the time that they had then. Without this
-- they would just be gone from the feed, and calendar programs would keep some of them.
CREATE TABLE former_bookings (
    tenant_id   uuid NOT NULL,
    staff_id    uuid NOT NULL,
    booking_id  uuid NOT NULL,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, staff_id, booking_id),
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);
CREATE INDEX former_bookings_by_staff ON former_bookings (tenant_id, staff_id, starts_at);

CREATE INDEX bookings_by_staff ON bookings (tenant_id, staff_id, starts_at);

-- With the rights of whoever changes the booking: their salon's row, seen by their policy.
CREATE FUNCTION note_former_booking() RETURNS trigger LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$
BEGIN
    INSERT INTO former_bookings (tenant_id, staff_id, booking_id, starts_at, ends_at)
    VALUES (old.tenant_id, old.staff_id, old.id, old.starts_at, old.ends_at)
    ON CONFLICT (tenant_id, staff_id, booking_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at;
    RETURN new;
END $$;

-- For each row, so that it costs nothing when no booking changes hands; a statement's would be asked by every change.
CREATE TRIGGER bookings_former AFTER UPDATE OF staff_id ON bookings
    FOR EACH ROW WHEN (old.staff_id <> new.staff_id) EXECUTE FUNCTION note_former_booking();

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['calendar_feeds', 'former_bookings'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;

-- It returns more than it did.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
DROP TABLE former_bookings, calendar_feeds;
DROP FUNCTION note_former_booking;
