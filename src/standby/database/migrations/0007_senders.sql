-- Senders: a salon's own numbers and addresses, with the providers that send for them
-- depends: 0006_plans

-- migrate: apply

CREATE TABLE senders (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    channel     text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    provider    text NOT NULL CHECK (provider IN ('whatsapp', 'twilio', 'sendgrid', 'smtp')),
    address     text NOT NULL,   -- the number or mailbox that customers see
    options     jsonb NOT NULL,  -- what else the provider needs and everybody may know
    secrets     bytea NOT NULL,  -- what nobody may: sealed with a key that isn't in the database (messages/sealing.py)
    version     uuid NOT NULL,   -- another with each change, so that workers notice
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, channel)
);

-- Channels that a provider refuses a salon at the moment: what would go out by them takes another or waits.
CREATE TABLE channel_pauses (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    channel       text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    failures      integer NOT NULL CHECK (failures >= 0),  -- in a row
    refused       boolean NOT NULL,  -- the sender is: no offer waits for that to end
    paused_until  timestamptz NOT NULL,
    reason        text NOT NULL,
    PRIMARY KEY (tenant_id, channel)
) WITH (fillfactor = 50);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['senders', 'channel_pauses'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;

-- They take more than they did; the old ones would stay beside the new.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz);
DROP FUNCTION IF EXISTS defer_message(uuid, uuid, uuid, timestamptz, timestamptz);

ALTER TABLE message_events DROP CONSTRAINT message_events_event_check;
ALTER TABLE message_events ADD CONSTRAINT message_events_event_check CHECK (event IN
    ('sent', 'deferred', 'retry', 'failed', 'uncertain', 'dropped', 'opted_out', 'stopped'));

-- migrate: rollback
DROP TABLE channel_pauses, senders;
