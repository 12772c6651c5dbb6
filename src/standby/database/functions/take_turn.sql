-- Lets one claim at a time go on for a salon, until it commits: what is left of a quota, and whose turn it is at a number,
-- is decided by one after the other. The lock is the salon's rate, which a claim takes before all others of these.
CREATE OR REPLACE FUNCTION take_turn(p_tenant uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO rate_limits AS r (tenant_id, key, tat) VALUES (p_tenant, 'messages', '-infinity')
    ON CONFLICT (tenant_id, key) DO UPDATE SET tat = r.tat
$$;
