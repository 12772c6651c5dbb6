-- What compose.yaml has a new database begin with: the login of `standby web` and `standby work`, which reaches no salon's
-- rows but through the roles that it takes. `standby migrate`, run by the owner, finds the roles and leaves them as they are.
\getenv password LOGIN_PASSWORD
CREATE ROLE standby_app NOLOGIN;
CREATE ROLE standby_worker NOLOGIN;
CREATE ROLE standby_system NOLOGIN;
CREATE ROLE standby_login LOGIN NOINHERIT PASSWORD :'password';
GRANT standby_app, standby_worker TO standby_login;
