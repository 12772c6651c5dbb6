-- The outbox: what we want to tell a customer, and what became of it
-- depends: 0003_waitlist

-- migrate: apply

CREATE TABLE messages (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    customer_id       uuid NOT NULL,
    offer_id          uuid,
    booking_id        uuid,
    slot_id           uuid NOT NULL,
    kind              text NOT NULL CHECK (kind IN ('offer', 'offer_reminder', 'booked', 'too_late')),
    dedupe_key        text NOT NULL,
    status            text NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'uncertain', 'dropped')),
    attempts          integer NOT NULL DEFAULT 0,
    resends           integer NOT NULL DEFAULT 0,  -- after an uncertain send; an offer has one
    not_before        timestamptz NOT NULL DEFAULT '-infinity',  -- of a retry, or of its turn in the salon's rate
    next_attempt_at   timestamptz,                 -- when it is looked at again, at the latest
    lease_expires_at  timestamptz,                 -- until when the worker that is sending it may take
    lease_id          uuid,
    rate_granted      boolean NOT NULL DEFAULT false,
    channels          text[] NOT NULL,  -- to try, in this order, as far as the customer consents when it is sent
    channel           text CHECK (channel IN ('whatsapp', 'sms', 'email')),  -- the one it is going out by
    failed_channels   text[] NOT NULL DEFAULT '{}',
    provider          text,
    provider_id       text,
    sent_at           timestamptz,
    reason            text NOT NULL DEFAULT '',
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, dedupe_key),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers,
    FOREIGN KEY (tenant_id, offer_id) REFERENCES offers,
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings,
    FOREIGN KEY (tenant_id, slot_id) REFERENCES slots,
    CHECK ((status = 'queued') = (next_attempt_at IS NOT NULL)),
    CHECK ((status = 'sending') = (lease_expires_at IS NOT NULL)),
    CHECK ((status = 'sending') = (lease_id IS NOT NULL)),
    CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX messages_attempt_due ON messages (next_attempt_at) WHERE status = 'queued';
CREATE INDEX messages_lease_due ON messages (lease_expires_at) WHERE status = 'sending';
CREATE INDEX messages_by_customer ON messages (tenant_id, customer_id, created_at);
CREATE INDEX messages_listed ON messages (tenant_id, created_at DESC, id DESC);
CREATE INDEX messages_by_offer ON messages (tenant_id, offer_id);

-- What opens an offer's page: the SHA-256 of the token in each link that went out, or may have. A link works until a
-- newer one is in the customer's hands, so a reminder that fails leaves them the first.
CREATE TABLE offer_tokens (
    tenant_id   uuid NOT NULL,
    offer_id    uuid NOT NULL,
    token_hash  bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    lease_id    uuid NOT NULL,  -- of the send that carried it
    PRIMARY KEY (tenant_id, offer_id, token_hash),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES offers
);

-- Every attempt and what the provider said. Append-only.
CREATE TABLE message_events (
    tenant_id   uuid NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    message_id  uuid NOT NULL,
    event       text NOT NULL CHECK (event IN ('sent', 'deferred', 'retry', 'failed', 'uncertain', 'dropped')),
    channel     text,
    details     text NOT NULL DEFAULT '',
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages
);
CREATE INDEX message_events_by_message ON message_events (tenant_id, message_id, id);

-- migrate: rollback
DROP TABLE message_events, offer_tokens, messages;
