-- People change their account's email and delete their account; a session can be looked up without counting as used
-- depends: 0022_codes

-- migrate: apply

-- It takes one argument more.
DROP FUNCTION IF EXISTS find_session(bytea, timestamptz);

ALTER TABLE letters
    DROP CONSTRAINT letters_kind_check,
    ADD CONSTRAINT letters_kind_check CHECK (kind IN ('sign_up', 'reset', 'invitation', 'email', 'email_asked'));
-- Those go to an address that isn't the account's yet.
CREATE INDEX letters_by_account ON letters ((details ->> 'account')) WHERE kind = 'email' AND used_at IS NULL;

GRANT UPDATE (email, verified_at) ON users TO standby_app;

-- migrate: rollback
DROP FUNCTION IF EXISTS find_session(bytea, timestamptz, boolean);
REVOKE UPDATE (email, verified_at) ON users FROM standby_app;
DROP INDEX letters_by_account;
DELETE FROM letters WHERE kind IN ('email', 'email_asked');
ALTER TABLE letters
    DROP CONSTRAINT letters_kind_check,
    ADD CONSTRAINT letters_kind_check CHECK (kind IN ('sign_up', 'reset', 'invitation'));
