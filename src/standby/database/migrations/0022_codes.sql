-- One-time codes: customers show that a phone number is theirs before they book or join without signing in
-- depends: 0021_public_limits

-- migrate: apply

-- The message that brings the code has the same id. Of code and token the hashes alone are known (tenants/codes.py), and
-- of the code none before it is sent.
CREATE TABLE verifications (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    phone             text NOT NULL,
    purpose           text NOT NULL CHECK (purpose IN ('booking', 'waitlist')),
    code_hash         bytea CHECK (length(code_hash) = 32),
    tries             smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,  -- of the code
    ended_at          timestamptz,           -- it was right, was tried too often, or there is a newer one
    token_hash        bytea CHECK (length(token_hash) = 32),  -- of what the right code was exchanged for
    token_expires_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK ((token_hash IS NULL) = (token_expires_at IS NULL)),
    CHECK (token_hash IS NULL OR ended_at IS NOT NULL)
) WITH (fillfactor = 50);
-- A number has one code at a time.
CREATE UNIQUE INDEX verifications_open ON verifications (tenant_id, phone) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX verifications_by_token ON verifications (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX verifications_old ON verifications (created_at);

ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE verifications FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON verifications USING (tenant_id = current_tenant());
CREATE POLICY system ON verifications TO standby_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON verifications TO standby_app, standby_system;
ALTER TABLE verifications ALTER COLUMN tenant_id SET STATISTICS 0;  -- See 0006.

-- A code goes to a number that may be nobody's yet.
ALTER TABLE messages
    ALTER COLUMN customer_id DROP NOT NULL,
    ADD CONSTRAINT messages_to_somebody CHECK (customer_id IS NOT NULL OR kind = 'verify_code');

-- It takes codes too.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[], bytea[]);
DELETE FROM message_events e USING messages m
WHERE m.tenant_id = e.tenant_id AND m.id = e.message_id AND m.customer_id IS NULL;
DELETE FROM messages WHERE customer_id IS NULL;
ALTER TABLE messages DROP CONSTRAINT messages_to_somebody, ALTER COLUMN customer_id SET NOT NULL;
DROP TABLE verifications;
