-- Webhooks: what a salon's own systems are told, and what became of each telling
-- depends: 0018_queues

-- migrate: apply

-- An address that is told of events. Those that end it: 'gone' (it said so), 'failing' (for days, and nothing else).
CREATE TABLE webhook_endpoints (
    tenant_id        uuid NOT NULL REFERENCES tenants,
    id               uuid NOT NULL,
    url              text NOT NULL,
    description      text NOT NULL,
    events           text[] NOT NULL,   -- empty: all
    contacts         boolean NOT NULL,  -- whether it is told the customers' names, numbers and mailboxes
    secrets          bytea NOT NULL,    -- the one that signs and the one before it, sealed (messages/sealing.py)
    former_until     timestamptz,       -- until then the one before signs too
    active           boolean NOT NULL,
    disabled_reason  text CHECK (disabled_reason IN ('gone', 'failing')),
    failing_since    timestamptz,       -- of the failures in a row: the first
    rest_until       timestamptz,       -- it did not answer: nothing is sent before
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK (disabled_reason IS NULL OR NOT active)
);

-- One event for one endpoint. The payload says nothing of a customer but their id; the rest is added when it is sent.
CREATE TABLE webhook_deliveries (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,     -- its name for the receiver, the same each time that it is sent (webhook-id)
    endpoint_id      uuid NOT NULL,
    seq              bigint GENERATED ALWAYS AS IDENTITY,  -- in which order events of one moment were written
    event            text NOT NULL,
    payload          jsonb NOT NULL,
    at               timestamptz NOT NULL,
    status           text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'dropped')),
    attempts         integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_attempt_at  timestamptz,       -- when it is due to be sent, again
    look_at          timestamptz,       -- when the timers look for it: then, or later if a job has been told of it
    lease_until      timestamptz,       -- until then a worker is sending it; after that it is sent again
    status_code      integer,           -- of the last attempt: what came back, and how soon
    answer           text,
    error            text,              -- why that was no success
    milliseconds     integer CHECK (milliseconds >= 0),
    attempted_at     timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE,
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((status = 'pending') = (look_at IS NOT NULL)),
    CHECK (lease_until IS NULL OR status = 'pending')
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX webhook_deliveries_in_line ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at, seq)
    WHERE status = 'pending';
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (tenant_id, endpoint_id, at DESC, id DESC);
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (at);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['webhook_endpoints', 'webhook_deliveries'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO standby_app;
GRANT SELECT, UPDATE ON webhook_endpoints TO standby_system;
GRANT SELECT, INSERT, UPDATE ON webhook_deliveries TO standby_app;  -- They go with their endpoint, or by age.
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO standby_system;

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN
    ('quota_used_up', 'sender_refused', 'reminder_failed', 'calendar_failing', 'calendar_reconnect', 'webhook_ended'));

-- It returns more than it did.
DROP FUNCTION IF EXISTS next_deadlines();

-- migrate: rollback
DROP FUNCTION IF EXISTS follow_history, follow_messages CASCADE;  -- and their triggers
DROP TABLE webhook_deliveries, webhook_endpoints;
