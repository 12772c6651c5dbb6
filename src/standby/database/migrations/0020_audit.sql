-- What people change, and customers who are forgotten
-- depends: 0019_webhooks

-- migrate: apply

-- Who changed what, when, from where; each row once, as it was told. The queue's own steps stand in history.
CREATE TABLE audit_log (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL,
    actor       text NOT NULL,
    address     inet,  -- where the request came from; NULL: a command on the server
    request_id  text,
    action      text NOT NULL CHECK (action IN ('create', 'change', 'delete', 'export', 'erase')),
    entity      text NOT NULL,
    entity_id   uuid,  -- NULL: it is one of its kind, or named in before and after
    before      jsonb,
    after       jsonb,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_by_entity ON audit_log (tenant_id, entity_id, id);

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log USING (tenant_id = current_tenant());
CREATE POLICY system ON audit_log TO standby_system USING (true);
GRANT SELECT ON audit_log TO standby_app;  -- Only the trigger writes, and only what has been erased is taken out of it.
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_log TO standby_system;
ALTER TABLE audit_log ALTER COLUMN tenant_id SET STATISTICS 0;  -- See 0006.

-- Somebody who was erased: what happened stays, and that it was them is not known any more.
ALTER TABLE customers
    ADD COLUMN erased_at timestamptz,
    DROP CONSTRAINT customers_check,
    ADD CONSTRAINT customers_can_be_reached CHECK (erased_at IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL),
    ADD CONSTRAINT customers_erased_whole CHECK (erased_at IS NULL OR phone IS NULL AND email IS NULL AND channels = '{}');

-- History is told to nobody otherwise than it was; only what an erased customer wrote is taken out of it.
GRANT UPDATE (reason) ON history TO standby_system;
GRANT UPDATE (details) ON message_events TO standby_system;

-- migrate: rollback
REVOKE UPDATE (reason) ON history FROM standby_system;
REVOKE UPDATE (details) ON message_events FROM standby_system;
ALTER TABLE customers DROP CONSTRAINT customers_erased_whole, DROP CONSTRAINT customers_can_be_reached,
    DROP COLUMN erased_at, ADD CHECK (phone IS NOT NULL OR email IS NOT NULL);
DROP TABLE audit_log;
