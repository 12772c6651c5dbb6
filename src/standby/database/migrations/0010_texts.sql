-- Texts: what a salon says to its customers in words of its own
-- depends: 0009_rules

-- migrate: apply

-- A part that is NULL is said in our words (messages/catalogues). Kinds and languages are the catalogues', which know
-- more of them from time to time; what a text may hold is checked where it is saved (messages/texts.py).
CREATE TABLE texts (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    kind        text NOT NULL,
    language    text NOT NULL,
    subject     text CHECK (length(subject) BETWEEN 1 AND 150),
    body        text CHECK (length(body) BETWEEN 1 AND 900),
    sms         text CHECK (length(sms) BETWEEN 1 AND 459),
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    PRIMARY KEY (tenant_id, kind, language),
    CONSTRAINT texts_say_something CHECK (num_nonnulls(subject, body, sms) > 0)
);

ALTER TABLE texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON texts USING (tenant_id = current_tenant());
CREATE POLICY system ON texts TO standby_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON texts TO standby_app, standby_system;
ALTER TABLE texts ALTER COLUMN tenant_id SET STATISTICS 0;  -- See 0006.

-- It returns more than it did.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
DROP TABLE texts;
