-- Counts what was sent, also what was recorded too late to change anything else, for the provider has taken it. The
-- counters are taken in one order, and by record_outcomes last of all, so that two batches can't wait in a circle.
-- PL/pgSQL, for before PostgreSQL 18 a function in SQL is planned anew each time that it is called.
CREATE OR REPLACE FUNCTION count_usage(
    p_tenants uuid[], p_ids uuid[], p_outcomes text[], p_providers text[], p_segments integer[], p_at timestamptz[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
BEGIN
    INSERT INTO usage AS u (tenant_id, month, channel, provider, currency, messages, segments, cost)
    SELECT m.tenant_id, date_trunc('month', r.at AT TIME ZONE t.timezone)::date, m.channel, coalesce(r.provider, ''),
           coalesce(q.currency, t.currency), count(*), sum(r.segments), sum(r.segments * coalesce(q.unit_cost, 0))
    FROM unnest(p_tenants, p_ids, p_outcomes, p_providers, p_segments, p_at)
         AS r (tenant_id, id, outcome, provider, segments, at)
    JOIN messages m ON m.tenant_id = r.tenant_id AND m.id = r.id
    JOIN tenants t ON t.id = m.tenant_id
    LEFT JOIN quotas q ON q.tenant_id = m.tenant_id AND q.channel = m.channel
    WHERE r.outcome = 'sent'
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (tenant_id, month, channel, provider, currency) DO UPDATE
    SET messages = u.messages + excluded.messages, segments = u.segments + excluded.segments, cost = u.cost + excluded.cost;
END $$;
