-- The salons whose quota of this month is used up, for the operator to see (standby doctor).
CREATE OR REPLACE FUNCTION used_up_quotas(p_now timestamptz)
RETURNS TABLE (slug text, channel text, month date, monthly_limit integer, messages bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT t.slug, q.channel, u.month, q.monthly_limit, sum(u.messages)
    FROM quotas q
    JOIN tenants t ON t.id = q.tenant_id
    JOIN usage u ON u.tenant_id = q.tenant_id AND u.channel = q.channel
                AND u.month = date_trunc('month', p_now AT TIME ZONE t.timezone)::date
    GROUP BY t.slug, q.channel, u.month, q.monthly_limit
    HAVING sum(u.messages) >= q.monthly_limit
    ORDER BY t.slug, q.channel
$$;
