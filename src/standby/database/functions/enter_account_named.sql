-- Sign-in knows somebody by their email. NULL: there is no such account.
CREATE OR REPLACE FUNCTION enter_account_named(p_email text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$ SELECT set_config('standby.account', id::text, true)::uuid FROM users WHERE lower(email) = lower(p_email) $$;
