-- What the salon sent in a month ($1, its first day) and its quotas, by channel. Costs are text, so that they stay exact.
SELECT channel, coalesce(sum(u.messages), 0)::bigint AS messages, coalesce(sum(u.segments), 0)::bigint AS segments,
       coalesce(jsonb_object_agg(u.currency, u.cost::text) FILTER (WHERE u.cost > 0), '{}') AS costs,
       max(q.monthly_limit) AS monthly_limit
FROM (SELECT channel, currency, sum(messages) AS messages, sum(segments) AS segments, sum(cost) AS cost
      FROM usage WHERE tenant_id = current_tenant() AND month = $1 GROUP BY channel, currency) AS u
FULL JOIN (SELECT channel, monthly_limit FROM quotas WHERE tenant_id = current_tenant()) AS q USING (channel)
GROUP BY channel
ORDER BY channel
