-- What makes everybody's second factor, as it is kept: sealed.
CREATE OR REPLACE FUNCTION sealed_factors() RETURNS TABLE (id uuid, secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ SELECT u.id, u.totp_secret FROM users u WHERE u.totp_secret IS NOT NULL $$;
