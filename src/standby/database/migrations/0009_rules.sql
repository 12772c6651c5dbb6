-- The rules of sending: quiet hours, a rate for each number, quotas, and what the salon is told
-- depends: 0008_callbacks

-- migrate: apply

-- Quiet hours in the salon's clock, minutes after local midnight; the same twice: there are none. That is what salons get
-- that are here already: nothing of theirs changes by itself.
ALTER TABLE policies
    ADD COLUMN quiet_from_minute integer CHECK (quiet_from_minute BETWEEN 0 AND 1439),
    ADD COLUMN quiet_until_minute integer CHECK (quiet_until_minute BETWEEN 0 AND 1439);
ALTER TABLE policies NO FORCE ROW LEVEL SECURITY;  -- So that its owner sees every salon's.
UPDATE policies SET quiet_from_minute = 0, quiet_until_minute = 0 WHERE service_id IS NULL;
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
ALTER TABLE policies
    DROP CONSTRAINT policies_default_is_whole,
    ADD CONSTRAINT policies_default_is_whole CHECK (service_id IS NOT NULL OR num_nulls(
        offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, max_active_entries,
        minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day, channel_order,
        quiet_from_minute, quiet_until_minute) = 0),
    ADD CONSTRAINT policies_quiet_hours_are_the_salons CHECK (
        service_id IS NULL OR num_nulls(quiet_from_minute, quiet_until_minute) = 2);

-- The number that has given this message its place in the line (one a second); used up when it is sent.
ALTER TABLE messages ADD COLUMN granted_sender text;
-- Each salon's line: who waits for a place in its rate, in turn. And what of each is to be woken first, when there is more
-- than can be taken at once. They say next_attempt_at for "queued" (a CHECK ties the two), so that who looks for one
-- queued message by its id can't get them: they would read all that the salon has queued.
CREATE INDEX messages_in_line ON messages (tenant_id, created_at, id) WHERE next_attempt_at IS NOT NULL AND NOT rate_granted;
CREATE INDEX messages_attempt_due_by_salon ON messages (tenant_id, next_attempt_at, created_at, id)
    WHERE next_attempt_at IS NOT NULL;

-- Of a send: how many messages the provider counts it as.
ALTER TABLE message_events ADD COLUMN segments integer CHECK (segments > 0);

-- What went out, counted as it is recorded. A month is one of the salon's own clock; message_events has the single sends.
CREATE TABLE usage (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    month      date NOT NULL CHECK (extract(day FROM month) = 1),
    channel    text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    provider   text NOT NULL,
    currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    messages   integer NOT NULL CHECK (messages >= 0),
    segments   integer NOT NULL CHECK (segments >= 0),
    cost       numeric(14, 4) NOT NULL CHECK (cost >= 0),  -- estimated: segments by the price of one at that time
    PRIMARY KEY (tenant_id, month, channel, provider, currency)
) WITH (fillfactor = 50);

-- How much a salon may send by a channel each month, and what a segment costs.
CREATE TABLE quotas (
    tenant_id      uuid NOT NULL REFERENCES tenants,
    channel        text NOT NULL CHECK (channel IN ('whatsapp', 'sms', 'email')),
    monthly_limit  integer CHECK (monthly_limit >= 0),  -- in messages; NULL: as many as it likes
    unit_cost      numeric(10, 4) NOT NULL CHECK (unit_cost >= 0),
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (tenant_id, channel)
);

-- What the salon has to know. Of one thing it is told once: dedupe_key.
CREATE TABLE notices (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('quota_used_up', 'sender_refused')),
    details     jsonb NOT NULL,
    dedupe_key  text NOT NULL,
    at          timestamptz NOT NULL,
    seen_at     timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, dedupe_key)
);
CREATE INDEX notices_listed ON notices (tenant_id, (seen_at IS NULL) DESC, at DESC, id DESC);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['usage', 'quotas', 'notices'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
END $$;

-- What was sent is counted where it is recorded, and nowhere else.
REVOKE INSERT, UPDATE, DELETE ON usage FROM standby_app;
REVOKE DELETE ON usage, notices FROM standby_system;
REVOKE INSERT, DELETE ON notices FROM standby_app;

-- They take other arguments now; the old ones would stay beside the new.
DROP FUNCTION IF EXISTS record_outcomes(uuid[], uuid[], uuid[], text[], text[], text[], text[], timestamptz[], timestamptz[]);
DROP FUNCTION IF EXISTS grant_send(uuid, integer, timestamptz);

-- migrate: rollback
DROP TABLE notices, quotas, usage;
