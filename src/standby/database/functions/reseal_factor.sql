-- Keeps what makes somebody's second factor as it was sealed anew, unless it has changed since it was read.
CREATE OR REPLACE FUNCTION reseal_factor(p_user uuid, p_old bytea, p_new bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ UPDATE users SET totp_secret = p_new WHERE id = p_user AND totp_secret = p_old $$;
