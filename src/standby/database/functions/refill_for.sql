-- What the app calls when an entry of its own tenant starts to wait.
CREATE OR REPLACE FUNCTION refill_for(p_entry uuid, p_now timestamptz) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$ SELECT enqueue_fills_for_entry(current_tenant(), p_entry, p_now) $$;
