-- A session can be looked up without counting as used
-- depends: 0021_public_limits

-- migrate: apply

-- It takes one argument more.
DROP FUNCTION IF EXISTS find_session(bytea, timestamptz);

-- migrate: rollback
DROP FUNCTION IF EXISTS find_session(bytea, timestamptz, boolean);
