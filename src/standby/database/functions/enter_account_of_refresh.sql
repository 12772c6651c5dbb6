-- A program shows its refresh token: its hash says whose account this transaction works for. NULL: no such token.
CREATE OR REPLACE FUNCTION enter_account_of_refresh(p_token_hash bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp SET enable_seqscan = off
AS $$
    SELECT set_config('standby.account', user_id::text, true)::uuid FROM refresh_tokens WHERE token_hash = p_token_hash
$$;
