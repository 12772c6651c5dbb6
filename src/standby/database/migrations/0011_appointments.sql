-- Appointments: buffers, staff members' own hours, calendars that say when somebody is busy, and what bookings know
-- depends: 0010_texts

-- migrate: apply

-- Minutes that a staff member needs before and after: nobody else has them then.
ALTER TABLE services
    ADD COLUMN buffer_before_minutes smallint NOT NULL DEFAULT 0 CHECK (buffer_before_minutes BETWEEN 0 AND 240),
    ADD COLUMN buffer_after_minutes smallint NOT NULL DEFAULT 0 CHECK (buffer_after_minutes BETWEEN 0 AND 240);

-- The time that a slot takes of its staff member, with the buffers that held when it was made; NULL: just its own.
ALTER TABLE slots
    ADD COLUMN blocked_from timestamptz CHECK (blocked_from <= starts_at AND blocked_from >= starts_at - interval '4 hours'),
    ADD COLUMN blocked_until timestamptz CHECK (blocked_until >= ends_at AND blocked_until <= ends_at + interval '4 hours'),
    DROP CONSTRAINT slots_no_overlap,
    ADD CONSTRAINT slots_no_overlap EXCLUDE USING gist (
        uuid_range(staff_id, staff_id, '[]') WITH &&,
        tstzrange(coalesce(blocked_from, starts_at), coalesce(blocked_until, ends_at)) WITH &&
    ) WHERE (status IN ('held', 'booked'));

ALTER TABLE bookings
    ADD COLUMN sequence integer NOT NULL DEFAULT 0 CHECK (sequence >= 0),  -- of its changes, as calendars count them (RFC 5545)
    ADD COLUMN customer_moves smallint NOT NULL DEFAULT 0 CHECK (customer_moves >= 0),  -- by the customer's own hand
    ADD COLUMN customer_confirmed_at timestamptz,  -- when they last said that they come
    ADD COLUMN cancelled_by text CHECK (cancelled_by IN ('customer', 'salon')),
    ADD CONSTRAINT bookings_say_who_cancelled CHECK (cancelled_by IS NULL OR status = 'cancelled');

-- A staff member's own week, by the salon's clock; several rows a weekday make breaks. Without any: the salon's hours.
CREATE TABLE staff_hours (
    tenant_id     uuid NOT NULL,
    staff_id      uuid NOT NULL,
    weekday       smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO: Monday is 1
    opens_minute  smallint NOT NULL CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute smallint NOT NULL CHECK (closes_minute BETWEEN 1 AND 1440),
    PRIMARY KEY (tenant_id, staff_id, weekday, opens_minute),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    CHECK (opens_minute < closes_minute)
);

-- A calendar elsewhere that belongs to a staff member.
CREATE TABLE calendar_links (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    staff_id    uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('google', 'ical', 'caldav')),
    address     text NOT NULL,  -- the calendar's id at Google, or its URL
    secrets     bytea,          -- sealed (messages/sealing.py); NULL: it needs none
    state       text NOT NULL CHECK (state IN ('active', 'failing', 'reconnect')),
    failure     text,           -- what went wrong the last time
    failures    integer NOT NULL DEFAULT 0 CHECK (failures >= 0),  -- in a row
    read_at     timestamptz,    -- when its busy times were last read
    next_read_at timestamptz,   -- when they are read again; NULL: they are not
    place       jsonb NOT NULL DEFAULT '{}',  -- from where to read on: a sync token, an ETag
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, staff_id, kind, address),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    CHECK ((state = 'active') = (failure IS NULL))
);
CREATE INDEX calendar_links_read_due ON calendar_links (next_read_at) WHERE next_read_at IS NOT NULL;

-- When a staff member is busy elsewhere. An event that recurs has a row for each time.
CREATE TABLE busy_times (
    tenant_id  uuid NOT NULL,
    link_id    uuid NOT NULL,
    event_id   text NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    staff_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, link_id, event_id, starts_at),
    FOREIGN KEY (tenant_id, link_id) REFERENCES calendar_links ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    CHECK (starts_at < ends_at)
);
CREATE INDEX busy_times_by_staff ON busy_times (tenant_id, staff_id, ends_at);

-- Whoever can't work then: a closure of the salon (staff_id NULL) or of one staff member, or an event elsewhere.
CREATE VIEW absences WITH (security_invoker = true) AS
    SELECT tenant_id, staff_id, starts_at, ends_at FROM closures
    UNION ALL
    SELECT tenant_id, staff_id, starts_at, ends_at FROM busy_times;

-- Requests that carried a key and were answered: the same request again gets the same answer, and changes nothing.
CREATE TABLE idempotency_keys (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    key          text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint  bytea NOT NULL CHECK (length(fingerprint) = 32),  -- of the request: SHA-256
    status       smallint,
    body         bytea,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);

-- What salons that are here already get: nothing of theirs changes by itself.
ALTER TABLE policies
    ADD COLUMN change_notice_seconds integer CHECK (change_notice_seconds BETWEEN 0 AND 2592000),
    ADD COLUMN max_customer_moves smallint CHECK (max_customer_moves BETWEEN 0 AND 100),
    ADD COLUMN time_step_minutes smallint CHECK (time_step_minutes BETWEEN 5 AND 240),
    ADD COLUMN reminders text CHECK (reminders ~ '^(none|every_2_hours|24h_and_2h|[1-9][0-9]{0,5}(,[1-9][0-9]{0,5}){0,9})$'),
    ADD COLUMN prefer_favourites boolean;
ALTER TABLE policies NO FORCE ROW LEVEL SECURITY;  -- So that its owner sees every salon's.
UPDATE policies SET change_notice_seconds = 86400, max_customer_moves = 3, time_step_minutes = 15, reminders = 'none',
                    prefer_favourites = false WHERE service_id IS NULL;
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
ALTER TABLE policies
    DROP CONSTRAINT policies_default_is_whole,
    ADD CONSTRAINT policies_default_is_whole CHECK (service_id IS NOT NULL OR num_nulls(
        offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, max_active_entries,
        minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day, channel_order,
        quiet_from_minute, quiet_until_minute, change_notice_seconds, max_customer_moves, time_step_minutes, reminders,
        prefer_favourites) = 0);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['staff_hours', 'calendar_links', 'busy_times', 'idempotency_keys'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;
GRANT SELECT ON absences TO standby_app, standby_system;

-- migrate: rollback
DROP VIEW absences;
DROP TABLE idempotency_keys, busy_times, calendar_links, staff_hours;
