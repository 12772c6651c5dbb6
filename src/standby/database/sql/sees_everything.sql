-- Whether the login reads past row level security, as a backup has to.
SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user
