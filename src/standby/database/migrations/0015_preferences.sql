-- Preferences: what each customer usually books, counted from their visits
-- depends: 0014_ical

-- migrate: apply

-- The visits (bookings that were kept or are still to come) that are in a customer's preferences, as they were counted:
-- so each is counted once, and exactly that is taken back.
CREATE TABLE counted_visits (
    tenant_id    uuid NOT NULL,
    customer_id  uuid NOT NULL,
    booking_id   uuid NOT NULL,
    service_id   uuid NOT NULL,
    staff_id     uuid NOT NULL,
    starts_at    timestamptz NOT NULL,
    weekday      smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO, by the salon's clock when it was counted
    hour         smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    weight       numeric NOT NULL CHECK (weight > 0),                -- see bookings/habits.py
    PRIMARY KEY (tenant_id, customer_id, booking_id),
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings
);

CREATE TABLE preferences (
    tenant_id    uuid NOT NULL,
    customer_id  uuid NOT NULL,
    aspect       text NOT NULL CHECK (aspect IN ('service', 'staff', 'weekday', 'hour')),
    value        text NOT NULL,  -- an id, an ISO weekday, an hour of 0 to 23
    visits       integer NOT NULL CHECK (visits > 0),
    weight       numeric NOT NULL CHECK (weight > 0),  -- the sum of theirs
    favourite    boolean NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, aspect, value),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers
);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['counted_visits', 'preferences'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;

-- The visits that are there already are counted by the same jobs. A new database has no queue yet, and no visits.
ALTER TABLE bookings NO FORCE ROW LEVEL SECURITY;  -- So that its owner sees every salon's.
DO $$
BEGIN
    IF to_regclass('standby.pgqueuer') IS NOT NULL THEN
        INSERT INTO pgqueuer (priority, entrypoint, payload, status)
        SELECT 0, 'waitlist.preference',
               convert_to(format('{"tenant": "%s", "id": "%s"}', tenant_id, customer_id), 'UTF8'), 'queued'
        FROM (SELECT DISTINCT tenant_id, customer_id FROM bookings WHERE status IN ('confirmed', 'completed')) AS known;
    END IF;
END $$;
ALTER TABLE bookings FORCE ROW LEVEL SECURITY;

-- migrate: rollback
DROP TABLE preferences, counted_visits;
