-- What is imported on a salon's page is read and written by a worker, and the page says how far it is; tests by channels are noted
-- depends: 0028_insights_and_answers

-- migrate: apply

-- A salon's import: one at a time, and the last one until it is forgotten. `files` are what somebody sent, packed, as long as
-- they are needed; `told` is what became of them; `author` is whose changes they will be, for the audit log. Of one that runs,
-- `lease_until` is how long its worker has it, and `look_at` when it is taken up again if that worker has told nothing since;
-- of any other, `look_at` is when it is forgotten.
CREATE TABLE imports (
    tenant_id   uuid PRIMARY KEY REFERENCES tenants,
    id          uuid NOT NULL UNIQUE,
    state       text NOT NULL CHECK (state IN ('checking', 'checked', 'writing', 'written', 'stopped')),
    files       bytea,
    skip        boolean NOT NULL DEFAULT false,
    rows_done   integer NOT NULL DEFAULT 0,
    rows_total  integer,
    attempts    integer NOT NULL DEFAULT 0,
    author      jsonb NOT NULL,
    told        jsonb,
    asked_at    timestamptz NOT NULL,
    lease_until timestamptz,
    look_at     timestamptz NOT NULL,
    CONSTRAINT imports_need_files CHECK (files IS NOT NULL OR state IN ('written', 'stopped'))
);
CREATE INDEX imports_look_at ON imports (look_at);

ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON imports USING (tenant_id = current_tenant());
CREATE POLICY system ON imports TO standby_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON imports TO standby_app, standby_system;
ALTER TABLE imports ALTER COLUMN tenant_id SET STATISTICS 0;  -- See 0006.

-- Who has sent a test by a channel.
ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_action_check,
    ADD CONSTRAINT audit_log_action_check CHECK (action IN ('create', 'change', 'delete', 'export', 'erase', 'test'));

-- It returns more than it did.
DROP FUNCTION IF EXISTS next_deadlines();

-- migrate: rollback
DROP FUNCTION IF EXISTS next_deadlines();
DROP FUNCTION IF EXISTS look_at_due_imports(timestamptz);
DROP FUNCTION IF EXISTS note_trial(text);
DELETE FROM audit_log WHERE action = 'test';
ALTER TABLE audit_log
    DROP CONSTRAINT audit_log_action_check,
    ADD CONSTRAINT audit_log_action_check CHECK (action IN ('create', 'change', 'delete', 'export', 'erase'));
DROP TABLE imports;
