-- Callbacks: what providers tell afterwards, what customers answer, and what we say to that
-- depends: 0007_senders

-- migrate: apply

-- Requests of providers, as they came, each kept once for each salon that it tells something. Only signed ones.
CREATE TABLE callbacks (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    provider      text NOT NULL CHECK (provider IN ('whatsapp', 'twilio', 'sendgrid')),
    digest        bytea NOT NULL CHECK (length(digest) = 32),  -- SHA-256 of query and body
    sender        text NOT NULL,   -- the salon's address with the provider, which the request is about
    query         text NOT NULL,
    body          bytea NOT NULL,
    received_at   timestamptz NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,  -- to have it read again
    again_at      timestamptz NOT NULL,        -- the next of those, unless it has been read
    read_at       timestamptz,     -- when all that it tells had been done
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider, digest)
);
CREATE INDEX callbacks_unread ON callbacks (again_at) WHERE read_at IS NULL;
CREATE INDEX callbacks_read ON callbacks (read_at) WHERE read_at IS NOT NULL;

-- What customers wrote or tapped. Those that nobody has understood are the salon's inbox.
CREATE TABLE replies (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('whatsapp', 'sms')),
    provider_id   text NOT NULL,
    customer_id   uuid,            -- NULL: nobody whom the salon knows
    sender        text,            -- their number, as far as the provider shows it
    text          text NOT NULL,
    button        text,
    outcome       text NOT NULL DEFAULT 'unread',
    offer_id      uuid,            -- the one that it answered
    written_at    timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    handled_at    timestamptz,     -- NULL: somebody at the salon has to read it
    handled_by    text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, channel, provider_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers,
    FOREIGN KEY (tenant_id, offer_id) REFERENCES offers,
    CHECK ((handled_at IS NULL) = (handled_by IS NULL))
);
CREATE INDEX replies_by_customer ON replies (tenant_id, customer_id, received_at);
CREATE INDEX replies_inbox ON replies (tenant_id, received_at DESC, id DESC) WHERE handled_at IS NULL;
CREATE INDEX replies_listed ON replies (tenant_id, received_at DESC, id DESC);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['callbacks', 'replies'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;
REVOKE DELETE ON replies FROM standby_app, standby_system;
REVOKE INSERT, DELETE ON callbacks FROM standby_app;  -- Only what is signed gets in: store_callback.

-- By what a provider's request is led to a sender; and whether one ever was that shows that answers reach us.
ALTER TABLE senders
    ADD COLUMN route text NOT NULL GENERATED ALWAYS AS (
        CASE provider WHEN 'whatsapp' THEN coalesce(options ->> 'phone_number_id', '')
                      WHEN 'twilio' THEN coalesce(options ->> 'account_sid', '')
                      ELSE tenant_id::text END) STORED,
    ADD COLUMN heard_at timestamptz;
CREATE INDEX senders_by_route ON senders (provider, route);
-- What customers answer to a number is for one salon.
CREATE UNIQUE INDEX senders_one_salon_each ON senders (provider, route, address, channel)
    WHERE provider IN ('whatsapp', 'twilio');

-- For 24 hours after a customer wrote, WhatsApp takes any text for them.
ALTER TABLE customers ADD COLUMN wrote_whatsapp_at timestamptz;

-- What became of a message at the customer's end (channels/events.py: State), and of which of its sends.
ALTER TABLE messages
    ADD COLUMN delivery text CHECK (delivery IN ('sent', 'failed', 'delivered', 'read')),
    ADD COLUMN delivery_id text,
    ADD COLUMN address text,                          -- where it went, or is going
    ADD COLUMN reply_id uuid,                         -- the reply that it answers
    ADD COLUMN details jsonb NOT NULL DEFAULT '{}',   -- what else its text tells
    ALTER COLUMN slot_id DROP NOT NULL,
    ADD FOREIGN KEY (tenant_id, reply_id) REFERENCES replies,
    ADD CONSTRAINT messages_about_a_time CHECK (
        slot_id IS NOT NULL OR kind IN ('help', 'which_one', 'stopped', 'started', 'verify_code')),
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'offer', 'offer_reminder', 'booked', 'too_late', 'passed_on', 'booking_confirmed', 'reminder', 'changed',
        'cancelled', 'verify_code', 'help', 'which_one', 'stopped', 'started'));

-- Whose message a customer answers who has no number to show.
CREATE INDEX messages_by_wamid ON messages (tenant_id, provider_id) WHERE channel = 'whatsapp' AND provider_id IS NOT NULL;

ALTER TABLE message_events DROP CONSTRAINT message_events_event_check;
ALTER TABLE message_events ADD CONSTRAINT message_events_event_check CHECK (event IN
    ('sent', 'deferred', 'retry', 'failed', 'uncertain', 'dropped', 'opted_out', 'stopped', 'delivered', 'read',
     'undelivered', 'settled', 'needs_template'));

-- It returns more than it did.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
ALTER TABLE messages DROP COLUMN reply_id, DROP COLUMN details, DROP COLUMN address, DROP COLUMN delivery, DROP COLUMN delivery_id;
ALTER TABLE customers DROP COLUMN wrote_whatsapp_at;
ALTER TABLE senders DROP COLUMN route, DROP COLUMN heard_at;
DROP TABLE replies, callbacks;
