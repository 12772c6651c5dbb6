-- Waitlist entries and offers
-- depends: 0002_bookings

-- migrate: apply

CREATE TABLE waitlist_entries (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    customer_id        uuid NOT NULL,
    service_id         uuid NOT NULL,
    staff_id           uuid,  -- NULL: anyone
    earliest           timestamptz NOT NULL,
    latest             timestamptz NOT NULL,
    weekdays           smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}',  -- ISO, in the salon's time zone
    from_minute        smallint NOT NULL DEFAULT 0,     -- of the local day
    until_minute       smallint NOT NULL DEFAULT 1440,
    vip                boolean NOT NULL DEFAULT false,
    priority_override  integer CHECK (priority_override BETWEEN 0 AND 1000),
    status             text NOT NULL
                       CHECK (status IN ('waiting', 'notified', 'booked', 'cooldown', 'expired', 'cancelled')),
    misses             integer NOT NULL DEFAULT 0 CHECK (misses >= 0),  -- offers in a row left unanswered
    cooldown_until     timestamptz,
    booking_id         uuid,
    ended_at           timestamptz,
    joined_at          timestamptz NOT NULL,
    reason             text NOT NULL,
    actor              text NOT NULL,
    changed_at         timestamptz NOT NULL,
    -- The planner orders by an index only on equality, and NULL is none; so anyone is the nil uuid here.
    staff_wish         uuid NOT NULL
                       GENERATED ALWAYS AS (coalesce(staff_id, '00000000-0000-0000-0000-000000000000')) STORED,
    -- All of the score but the wait is the same for a tier and a wish (with the override, for equal overrides).
    tier               smallint NOT NULL GENERATED ALWAYS AS (
                           CASE WHEN priority_override IS NOT NULL THEN 2 WHEN vip THEN 1 ELSE 0 END) STORED,
    override_rank      integer NOT NULL GENERATED ALWAYS AS (coalesce(priority_override, 0)) STORED,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers,
    FOREIGN KEY (tenant_id, service_id) REFERENCES services,
    FOREIGN KEY (tenant_id, staff_id) REFERENCES staff,
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings,
    CHECK (earliest < latest),
    CHECK (cardinality(weekdays) > 0 AND weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]),
    CHECK (0 <= from_minute AND from_minute < until_minute AND until_minute <= 1440),
    CHECK ((status = 'cooldown') = (cooldown_until IS NOT NULL)),
    CHECK ((status = 'booked') = (booking_id IS NOT NULL)),
    CHECK ((status IN ('booked', 'expired', 'cancelled')) = (ended_at IS NOT NULL))
);
-- One active entry per wish: joining twice finds the first.
CREATE UNIQUE INDEX waitlist_entries_one_per_wish ON waitlist_entries (tenant_id, customer_id, service_id, staff_wish)
    WHERE status IN ('waiting', 'notified', 'cooldown');
-- The queue itself: the best candidate is the head of one of a few ranges of it. What a slot is compared with is in the
-- index too: of a long list, the rows of those who are passed by lie far apart.
CREATE INDEX waitlist_entries_ranked
    ON waitlist_entries (tenant_id, service_id, staff_wish, tier, override_rank DESC, joined_at, id)
    INCLUDE (customer_id, earliest, latest, weekdays, from_minute, until_minute, vip)
    WHERE status = 'waiting';
-- The same in one order over all staff wishes, for the place that somebody has. ended_at IS NULL goes without saying (a
-- CHECK), so who doesn't say it can't get this index: where most wait for anyone, the planner took it for one as good as
-- the other, and read the whole list to find that nobody waits for one staff member.
CREATE INDEX waitlist_entries_places
    ON waitlist_entries (tenant_id, service_id, tier DESC, override_rank DESC, joined_at, id)
    WHERE status = 'waiting' AND ended_at IS NULL;
CREATE INDEX waitlist_entries_listed ON waitlist_entries (tenant_id, joined_at DESC, id DESC);
CREATE INDEX waitlist_entries_cooldown_due ON waitlist_entries (cooldown_until) WHERE status = 'cooldown';
CREATE INDEX waitlist_entries_latest_due ON waitlist_entries (latest) WHERE status = 'waiting';

CREATE TABLE offers (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    slot_id           uuid NOT NULL,
    entry_id          uuid NOT NULL,
    customer_id       uuid NOT NULL,
    status            text NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'expired', 'withdrawn')),
    exclusive         boolean NOT NULL DEFAULT true,  -- false: one of a batch for the same slot
    score             integer NOT NULL,
    breakdown         jsonb NOT NULL,
    -- The salon's rules as they were when the offer was made.
    window_seconds    integer NOT NULL,
    reminder_lead_seconds integer NOT NULL,
    cooldown_seconds  integer NOT NULL,
    max_misses        integer NOT NULL,
    offered_at        timestamptz NOT NULL,
    sent_at           timestamptz,            -- when a provider took it; starts the hold's clock
    expires_at        timestamptz NOT NULL,
    remind_at         timestamptz,
    reminded_at       timestamptz,
    booking_id        uuid,
    ended_at          timestamptz,
    reason            text NOT NULL,
    actor             text NOT NULL,
    changed_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, slot_id) REFERENCES slots,
    FOREIGN KEY (tenant_id, entry_id) REFERENCES waitlist_entries,
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers,
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings,
    CHECK (offered_at < expires_at),
    CHECK ((status = 'pending') = (ended_at IS NULL)),
    CHECK ((status = 'accepted') = (booking_id IS NOT NULL)),
    CHECK (remind_at IS NULL OR status = 'pending')
);
CREATE UNIQUE INDEX offers_one_exclusive_per_slot ON offers (tenant_id, slot_id) WHERE status = 'pending' AND exclusive;
CREATE UNIQUE INDEX offers_one_pending_per_entry ON offers (tenant_id, entry_id) WHERE status = 'pending';
CREATE UNIQUE INDEX offers_one_accepted_per_slot ON offers (tenant_id, slot_id) WHERE status = 'accepted';
CREATE INDEX offers_by_customer ON offers (tenant_id, customer_id, slot_id);
CREATE INDEX offers_by_slot ON offers (tenant_id, slot_id, offered_at);
CREATE INDEX offers_expiry_due ON offers (expires_at) WHERE status = 'pending';
CREATE INDEX offers_reminder_due ON offers (remind_at) WHERE remind_at IS NOT NULL;

CREATE TRIGGER waitlist_entries_change AFTER INSERT OR UPDATE OF status ON waitlist_entries
    FOR EACH ROW EXECUTE FUNCTION record_change('entry');
CREATE TRIGGER offers_change AFTER INSERT OR UPDATE OF status ON offers
    FOR EACH ROW EXECUTE FUNCTION record_change('offer');

-- migrate: rollback
DROP TABLE offers, waitlist_entries;
