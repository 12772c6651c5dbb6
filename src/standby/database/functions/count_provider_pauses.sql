-- How many senders there are by provider, of salons ('own') and of how many the channel is paused, for its provider refuses
-- or fails. The installation's own senders ('installation') have no row of their own: of those only the pauses are known.
CREATE OR REPLACE FUNCTION count_provider_pauses(p_now timestamptz)
RETURNS TABLE (provider text, channel text, senders bigint, paused bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    SELECT coalesce(s.provider, 'installation'), coalesce(s.channel, p.channel), count(s.channel), count(p.channel)
    FROM senders s
    FULL JOIN (SELECT * FROM channel_pauses WHERE paused_until > p_now) p
        ON p.tenant_id = s.tenant_id AND p.channel = s.channel
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
