-- Calendars: what of bookings is written to them, who has asked to link one, and what tells that one has changed
-- depends: 0012_reminders

-- migrate: apply

ALTER TABLE calendar_links
    ADD COLUMN writes boolean NOT NULL DEFAULT false,  -- its staff member's bookings are written there
    ADD COLUMN failing_since timestamptz,              -- of the failures in a row: the first
    ADD CONSTRAINT calendar_links_fail_since CHECK ((failure IS NULL) = (failing_since IS NULL)),
    ADD CONSTRAINT calendar_links_to_reconnect_are_not_read CHECK (state <> 'reconnect' OR next_read_at IS NULL);

-- A booking in a linked calendar. What is to be there, the booking itself says when it is written; starts_at to gone are
-- what it said when it was last looked at, so that the trigger sees what changes.
CREATE TABLE calendar_events (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    link_id          uuid NOT NULL,
    booking_id       uuid NOT NULL,
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    service_id       uuid NOT NULL,
    customer_id      uuid NOT NULL,
    gone             boolean NOT NULL,                -- cancelled, or another staff member's
    wanted           integer NOT NULL DEFAULT 1,      -- grows by one with each change
    written          integer NOT NULL DEFAULT 0,      -- the change that the calendar has
    attempts         integer NOT NULL DEFAULT 0,      -- to write this change
    next_attempt_at  timestamptz,                     -- NULL: there is nothing to do, or nothing to be done
    lease_until      timestamptz,                     -- until then a worker is writing it
    failure          text,
    place            jsonb NOT NULL DEFAULT '{}',     -- what the calendar needs to find it again
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, link_id, booking_id),
    FOREIGN KEY (tenant_id, link_id) REFERENCES calendar_links ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings,
    CHECK (written <= wanted)
) WITH (fillfactor = 80);
CREATE INDEX calendar_events_by_booking ON calendar_events (tenant_id, booking_id);
CREATE INDEX calendar_events_due ON calendar_events (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX calendar_events_unwritten ON calendar_events (tenant_id, link_id) WHERE written < wanted;

-- Somebody was sent to a provider, to allow us a calendar. Good for one answer, and for minutes.
CREATE TABLE calendar_requests (
    tenant_id   uuid NOT NULL,
    state_hash  bytea NOT NULL CHECK (length(state_hash) = 32),  -- SHA-256; what was hashed is in their browser's address only
    staff_id    uuid NOT NULL,
    address     text NOT NULL,
    secrets     bytea NOT NULL,  -- the PKCE verifier, sealed
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, state_hash),
    UNIQUE (state_hash),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff
);

-- A provider tells us by this channel that a calendar has changed.
CREATE TABLE calendar_pushes (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    link_id     uuid NOT NULL,
    token_hash  bytea NOT NULL CHECK (length(token_hash) = 32),  -- SHA-256
    resource    text,         -- the provider's name for it; NULL: it has not answered
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (id),
    FOREIGN KEY (tenant_id, link_id) REFERENCES calendar_links ON DELETE CASCADE
);
CREATE INDEX calendar_pushes_by_link ON calendar_pushes (tenant_id, link_id);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['calendar_events', 'calendar_requests', 'calendar_pushes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;

-- Its body is in functions/follow_bookings.sql, which replaces this one.
CREATE FUNCTION follow_bookings() RETURNS trigger LANGUAGE plpgsql SET search_path = standby, pg_temp
AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER bookings_calendar_added AFTER INSERT ON bookings
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_bookings();
CREATE TRIGGER bookings_calendar_changed AFTER UPDATE ON bookings
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_bookings();

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN
    ('quota_used_up', 'sender_refused', 'reminder_failed', 'calendar_failing', 'calendar_reconnect'));

-- It returns more than it did.
DROP FUNCTION IF EXISTS next_deadlines();

-- migrate: rollback
DROP TRIGGER bookings_calendar_changed ON bookings;
DROP TRIGGER bookings_calendar_added ON bookings;
DROP FUNCTION follow_bookings;
DROP TABLE calendar_pushes, calendar_requests, calendar_events;
ALTER TABLE calendar_links DROP COLUMN writes, DROP COLUMN failing_since;
