-- Accounts: users, what they may do in which salon, how they sign in, and the programs that act for a salon
-- depends: 0016_marked_reminders

-- migrate: apply

-- Whose account this transaction works for; as current_tenant() says whose salon.
CREATE FUNCTION current_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('standby.account', true), '')::uuid $$;

-- People who sign in. They belong to no salon: memberships say what they may do in which.
CREATE TABLE users (
    id             uuid PRIMARY KEY,
    email          text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    password_hash  text,                  -- argon2id; NULL: they have chosen none yet
    verified_at    timestamptz NOT NULL,  -- when they showed that the mailbox is theirs, or an operator said so
    locale         text NOT NULL CHECK (locale IN ('en', 'nb')),
    is_operator    boolean NOT NULL DEFAULT false,  -- operates the installation
    totp_secret    bytea,                 -- sealed with a key that isn't in the database (messages/sealing.py)
    totp_since     timestamptz,           -- NULL: no second factor is asked for (yet)
    totp_counter   bigint NOT NULL DEFAULT 0,  -- of the last code that was taken: each is good once
    created_at     timestamptz NOT NULL,
    CHECK (totp_since IS NULL OR totp_secret IS NOT NULL)
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

-- A sign-in, of a browser (with a cookie) or of a program (with refresh tokens).
CREATE TABLE sessions (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_hash  bytea UNIQUE CHECK (length(token_hash) = 32),  -- SHA-256 of the cookie; NULL: a program's
    tenant_id   uuid REFERENCES tenants,   -- the salon that they work in; NULL: none is chosen
    needs_code  boolean NOT NULL,          -- the password was right; nothing may be done before the second factor is
    address     text NOT NULL,             -- where they signed in, and with what: for the list of sessions
    agent       text NOT NULL,
    created_at  timestamptz NOT NULL,
    seen_at     timestamptz NOT NULL,      -- to the minute
    idle        interval NOT NULL,         -- it ends so long after it was last seen,
    ends_at     timestamptz NOT NULL       -- and then in any case
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (ends_at);

-- What a program gets its next access token with. Each is good once; one that comes again ends its session.
CREATE TABLE refresh_tokens (
    token_hash  bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id  uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    used_at     timestamptz
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- For whoever has lost what makes their codes.
CREATE TABLE recovery_codes (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
    used_at    timestamptz,
    PRIMARY KEY (user_id, code_hash)
);

-- Mails about accounts, with a link that is good once. A row is written for every address that asks, known or not;
-- whether there is anything to send is found out by a worker.
CREATE TABLE letters (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL CHECK (kind IN ('sign_up', 'reset', 'invitation')),
    email            text NOT NULL,
    locale           text NOT NULL,
    details          jsonb NOT NULL,
    lifetime         interval NOT NULL,  -- of its link, from the moment that it is sent
    created_at       timestamptz NOT NULL,
    next_attempt_at  timestamptz,        -- NULL: it is sent, or there is nothing to send
    lease_until      timestamptz,        -- until then a worker is sending it
    attempts         integer NOT NULL DEFAULT 0,
    failure          text,
    token_hash       bytea UNIQUE CHECK (length(token_hash) = 32),  -- of the link that was sent last
    ends_at          timestamptz,
    used_at          timestamptz
);
CREATE INDEX letters_due ON letters (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX letters_by_email ON letters (email, kind) WHERE used_at IS NULL;

-- Attempts to sign in that failed or are under way, by account, by address, by both. No key says whose it is.
CREATE TABLE attempts (
    key          bytea PRIMARY KEY CHECK (length(key) = 32),
    failures     integer NOT NULL,
    last_at      timestamptz NOT NULL,
    waits_until  timestamptz
) WITH (fillfactor = 50);

CREATE TABLE memberships (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role        text NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'viewer')),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE invitations (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    email       text NOT NULL,
    role        text NOT NULL CHECK (role IN ('owner', 'manager', 'staff', 'viewer')),
    invited_by  text NOT NULL,
    created_at  timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
);

CREATE TABLE api_keys (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    prefix        text NOT NULL,  -- its first letters, by which people know it
    key_hash      bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    scopes        text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    ends_at       timestamptz,    -- NULL: never
    last_used_at  timestamptz,    -- to the minute
    PRIMARY KEY (tenant_id, id)
);

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['memberships', 'invitations', 'api_keys'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN tenant_id SET STATISTICS 0', tbl);  -- See 0006.
    END LOOP;
    FOREACH tbl IN ARRAY ARRAY['users', 'sessions', 'refresh_tokens', 'recovery_codes', 'letters', 'attempts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_system', tbl);
    END LOOP;
    -- The app serves one account at a time, as it serves one salon at a time.
    FOREACH tbl IN ARRAY ARRAY['sessions', 'refresh_tokens', 'recovery_codes'] LOOP
        EXECUTE format('CREATE POLICY account ON %I USING (user_id = current_account())', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app', tbl);
    END LOOP;
END $$;
ALTER TABLE sessions ALTER COLUMN tenant_id SET STATISTICS 0;

-- Who operates the installation, no request can say.
CREATE POLICY account ON users USING (id = current_account());
GRANT SELECT ON users TO standby_app;
GRANT INSERT (id, email, password_hash, verified_at, locale, created_at) ON users TO standby_app;
GRANT UPDATE (password_hash, locale, totp_secret, totp_since, totp_counter) ON users TO standby_app;

-- It returns more than it did.
DROP FUNCTION IF EXISTS next_deadlines();

-- migrate: rollback
DROP TABLE api_keys, invitations, memberships, attempts, letters, recovery_codes, refresh_tokens, sessions, users;
DROP FUNCTION current_account;
