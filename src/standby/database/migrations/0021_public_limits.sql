-- Rates of what anybody may write: one line for each address, link, phone number or salon, shared by all processes
-- depends: 0020_audit

-- migrate: apply

-- Generic cell rate algorithm, as in rate_limits. No tenant's: an address is nobody's. Of whom a line is, a hash says.
-- UNLOGGED: a crash forgets them, which lets a few more through once; and what is taken waits for no disk.
CREATE UNLOGGED TABLE public_limits (
    key  bytea PRIMARY KEY CHECK (length(key) = 32),
    tat  timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX public_limits_old ON public_limits (tat);
GRANT SELECT, INSERT, UPDATE, DELETE ON public_limits TO standby_system;

-- migrate: rollback
DROP TABLE public_limits;
