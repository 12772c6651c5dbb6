-- A salon (tenant), its people, services, opening hours, customers and history
-- depends:

-- migrate: apply

-- The tenant that this transaction works for. Unset or empty means none: every policy below then shows no row.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('standby.tenant', true), '')::uuid $$;

-- A range over uuids lets core GiST compare staff members for equality, so that the exclusion constraints on
-- slots and bookings need no extension.
CREATE TYPE uuid_range AS RANGE (subtype = uuid);

CREATE TABLE tenants (
    id          uuid PRIMARY KEY,
    slug        text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    timezone    text NOT NULL,
    locale      text NOT NULL DEFAULT 'en',
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    created_at  timestamptz NOT NULL
);

CREATE TABLE staff (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE services (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    name              text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    duration_minutes  integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
    price             numeric(10, 2) CHECK (price >= 0),
    active            boolean NOT NULL DEFAULT true,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

-- Who can do what.
CREATE TABLE staff_services (
    tenant_id   uuid NOT NULL,
    staff_id    uuid NOT NULL,
    service_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, staff_id, service_id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    FOREIGN KEY (tenant_id, service_id) REFERENCES services
);
CREATE INDEX staff_services_by_service ON staff_services (tenant_id, service_id);

-- Opening hours in the salon's own clock; minutes after local midnight. Several rows a weekday make breaks.
CREATE TABLE business_hours (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    weekday       smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- ISO: Monday is 1
    opens_minute  smallint NOT NULL CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute smallint NOT NULL CHECK (closes_minute BETWEEN 1 AND 1440),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, weekday, opens_minute),
    CHECK (opens_minute < closes_minute)
);

-- Times when the salon (or one staff member) is closed although the week's hours say open.
CREATE TABLE closures (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    staff_id   uuid,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    reason     text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    CHECK (starts_at < ends_at)
);
CREATE INDEX closures_by_time ON closures (tenant_id, ends_at);

CREATE TABLE customers (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    phone       text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),  -- E.164
    email       text CHECK (email LIKE '%_@_%'),
    vip         boolean NOT NULL DEFAULT false,
    channels    text[] NOT NULL DEFAULT '{}',  -- consented to and reachable; kept in step with consents
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (phone IS NOT NULL OR email IS NOT NULL),
    CHECK (channels <@ ARRAY['whatsapp', 'sms', 'email'])
);
CREATE UNIQUE INDEX customers_by_phone ON customers (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_by_email ON customers (tenant_id, lower(email)) WHERE email IS NOT NULL;

-- Who agreed to what, when and where. Append-only: a withdrawal is a new row with granted = false.
CREATE TABLE consents (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    customer_id   uuid NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    granted       boolean NOT NULL,
    text_version  text NOT NULL,
    source        text NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers
);
CREATE INDEX consents_by_customer ON consents (tenant_id, customer_id, at);

-- A salon's rules: the row without a service is the salon's default, the others override it where they say something.
CREATE TABLE policies (
    tenant_id                uuid NOT NULL REFERENCES tenants,
    id                       uuid NOT NULL,
    service_id               uuid,
    offer_window_seconds     integer CHECK (offer_window_seconds BETWEEN 1 AND 86400),
    reminder_lead_seconds    integer CHECK (reminder_lead_seconds BETWEEN 0 AND 86400),
    cooldown_seconds         integer CHECK (cooldown_seconds BETWEEN 0 AND 2592000),
    max_misses               integer CHECK (max_misses BETWEEN 1 AND 100),
    max_active_entries       integer CHECK (max_active_entries BETWEEN 1 AND 100),
    minimum_notice_seconds   integer CHECK (minimum_notice_seconds BETWEEN 0 AND 2592000),
    grace_seconds            integer CHECK (grace_seconds BETWEEN 0 AND 86400),
    messages_per_minute      integer CHECK (messages_per_minute BETWEEN 1 AND 1000000),
    messages_per_day         integer CHECK (messages_per_day BETWEEN 1 AND 1000000),
    channel_order            text[] CHECK (channel_order <@ ARRAY['whatsapp', 'sms', 'email']
                                           AND cardinality(channel_order) > 0),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES services,
    UNIQUE NULLS NOT DISTINCT (tenant_id, service_id),
    CONSTRAINT policies_default_is_whole CHECK (service_id IS NOT NULL OR num_nulls(
        offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, max_active_entries,
        minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day, channel_order) = 0),
    CONSTRAINT policies_rate_is_the_salons CHECK (service_id IS NULL OR messages_per_minute IS NULL)
);

-- Generic cell rate algorithm: tat is the theoretical arrival time of the next message.
CREATE TABLE rate_limits (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    key        text NOT NULL,
    tat        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
) WITH (fillfactor = 50);

-- What happened, for ever. Written by the trigger record_change and by code that has more to tell. No foreign key: its
-- lines are about rows that have one, and each would lock the salon's row once more.
CREATE TABLE history (
    tenant_id   uuid NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    entity      text NOT NULL,
    entity_id   uuid NOT NULL,
    from_state  text,
    to_state    text,
    reason      text NOT NULL,
    actor       text NOT NULL,
    at          timestamptz NOT NULL,
    details     jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX history_by_entity ON history (tenant_id, entity_id, id);

-- The legal changes of state; the same table as in waitlist/lifecycle.py, which a test proves.
CREATE TABLE transitions (
    entity      text NOT NULL,
    from_state  text NOT NULL,  -- '' is: not there yet
    to_state    text NOT NULL,
    PRIMARY KEY (entity, from_state, to_state)
);
INSERT INTO transitions (entity, from_state, to_state) VALUES
    ('entry', '', 'waiting'),
    ('entry', 'waiting', 'notified'), ('entry', 'waiting', 'cancelled'), ('entry', 'waiting', 'expired'),
    ('entry', 'notified', 'booked'), ('entry', 'notified', 'cooldown'), ('entry', 'notified', 'expired'),
    ('entry', 'notified', 'cancelled'), ('entry', 'notified', 'waiting'),
    ('entry', 'cooldown', 'waiting'), ('entry', 'cooldown', 'cancelled'),
    ('slot', '', 'open'), ('slot', '', 'booked'),
    ('slot', 'open', 'held'), ('slot', 'open', 'cancelled'),
    ('slot', 'held', 'booked'), ('slot', 'held', 'open'), ('slot', 'held', 'cancelled'),
    ('slot', 'booked', 'cancelled'),
    ('offer', '', 'pending'),
    ('offer', 'pending', 'accepted'), ('offer', 'pending', 'declined'), ('offer', 'pending', 'expired'),
    ('offer', 'pending', 'withdrawn'),
    ('booking', '', 'confirmed'),
    ('booking', 'confirmed', 'cancelled'), ('booking', 'confirmed', 'completed'), ('booking', 'confirmed', 'no_show');

-- Refuses a change of state that the table above doesn't know, and writes the others to history.
-- TG_ARGV[0] is the entity's name. SECURITY DEFINER so that only this trigger decides what history says of states.
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    before text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF new.status = old.status THEN
            RETURN new;
        END IF;
        before := old.status;
    END IF;
    IF NOT EXISTS (SELECT FROM transitions t
                   WHERE t.entity = TG_ARGV[0] AND t.from_state = before AND t.to_state = new.status) THEN
        RAISE EXCEPTION '% % cannot go from "%" to "%"', TG_ARGV[0], new.id, before, new.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transitions';
    END IF;
    INSERT INTO history (tenant_id, entity, entity_id, from_state, to_state, reason, actor, at)
    VALUES (new.tenant_id, TG_ARGV[0], new.id, nullif(before, ''), new.status, new.reason, new.actor, new.changed_at);
    RETURN new;
END $$;

-- migrate: rollback
DROP FUNCTION record_change;
DROP TABLE transitions, history, rate_limits, policies, consents, customers, closures, business_hours, staff_services,
    services, staff, tenants;
DROP TYPE uuid_range;
DROP FUNCTION current_tenant;
