-- Slots and bookings: a staff member's time, guarded against overlap by the database
-- depends: 0001_salon

-- migrate: apply

-- A slot is one piece of a staff member's time for one service. Every booking has one, so one constraint on slots
-- guards held and booked time alike, whoever takes it.
CREATE TABLE slots (
    tenant_id             uuid NOT NULL,
    id                    uuid NOT NULL,
    staff_id              uuid NOT NULL,
    service_id            uuid NOT NULL,
    starts_at             timestamptz NOT NULL,
    ends_at               timestamptz NOT NULL,
    status                text NOT NULL CHECK (status IN ('open', 'held', 'booked', 'cancelled')),
    hold_expires_at       timestamptz,
    fill_at               timestamptz,  -- when the first offer goes out, while grace lasts
    freed_by_customer_id  uuid,         -- whose cancellation opened it: not offered back to them
    checked_at            timestamptz,  -- when fill last looked for somebody
    unfilled_reason       text,         -- why it found nobody then
    reason                text NOT NULL,
    actor                 text NOT NULL,
    changed_at            timestamptz NOT NULL,
    created_at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    FOREIGN KEY (tenant_id, service_id) REFERENCES services,
    FOREIGN KEY (tenant_id, freed_by_customer_id) REFERENCES customers (tenant_id, id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= interval '24 hours'),
    CHECK ((status = 'held') = (hold_expires_at IS NOT NULL)),
    CHECK (fill_at IS NULL OR status = 'open'),
    CONSTRAINT slots_no_overlap EXCLUDE USING gist (
        uuid_range(staff_id, staff_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (status IN ('held', 'booked'))
) WITH (fillfactor = 80);  -- room to change a hold in place: the exclusion index is dear
CREATE INDEX slots_by_time ON slots (tenant_id, starts_at);
CREATE INDEX slots_open ON slots (tenant_id, service_id, starts_at) WHERE status = 'open';
CREATE INDEX slots_open_start ON slots (starts_at) WHERE status = 'open';
CREATE INDEX slots_held ON slots (tenant_id, id) WHERE status = 'held';
CREATE INDEX slots_fill_due ON slots (fill_at) WHERE fill_at IS NOT NULL;

CREATE TABLE bookings (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    slot_id       uuid NOT NULL,
    customer_id   uuid NOT NULL,
    staff_id      uuid NOT NULL,
    service_id    uuid NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    status        text NOT NULL CHECK (status IN ('confirmed', 'cancelled', 'completed', 'no_show')),
    source        text NOT NULL CHECK (source IN ('direct', 'waitlist', 'import')),
    cancelled_at  timestamptz,
    reason        text NOT NULL,
    actor         text NOT NULL,
    changed_at    timestamptz NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, slot_id) REFERENCES slots,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    FOREIGN KEY (tenant_id, service_id) REFERENCES services,
    CHECK (starts_at < ends_at AND ends_at - starts_at <= interval '24 hours'),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT bookings_no_overlap EXCLUDE USING gist (
        uuid_range(staff_id, staff_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (status = 'confirmed')
);
CREATE UNIQUE INDEX bookings_one_per_slot ON bookings (tenant_id, slot_id) WHERE status = 'confirmed';
CREATE INDEX bookings_by_customer ON bookings (tenant_id, customer_id, starts_at);
CREATE INDEX bookings_by_time ON bookings (tenant_id, starts_at, id);
CREATE INDEX bookings_from_waitlist ON bookings (tenant_id, service_id, created_at) WHERE source = 'waitlist';

CREATE TRIGGER slots_change AFTER INSERT OR UPDATE OF status ON slots
    FOR EACH ROW EXECUTE FUNCTION record_change('slot');
CREATE TRIGGER bookings_change AFTER INSERT OR UPDATE OF status ON bookings
    FOR EACH ROW EXECUTE FUNCTION record_change('booking');

-- migrate: rollback
DROP TABLE bookings, slots;
