-- The channels whose quota of this month the salon has used up, what is being sent right now counted in; the salon is
-- told, once a month and channel. One claim at a time looks (take_turn), so that a quota is never exceeded.
CREATE OR REPLACE FUNCTION used_up_channels(p_tenant uuid, p_timezone text, p_now timestamptz) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_month date := date_trunc('month', p_now AT TIME ZONE p_timezone)::date;
    v_channels text[] := '{}';
    v record;
BEGIN
    PERFORM take_turn(p_tenant);
    FOR v IN
        SELECT q.channel, q.monthly_limit
        FROM quotas q
        WHERE q.tenant_id = p_tenant
          AND q.monthly_limit <= (SELECT coalesce(sum(u.messages), 0) FROM usage u
                                  WHERE u.tenant_id = p_tenant AND u.month = v_month AND u.channel = q.channel)
                                 + (SELECT count(*) FROM messages m
                                    WHERE m.tenant_id = p_tenant AND m.status = 'sending' AND m.channel = q.channel)
        ORDER BY q.channel
    LOOP
        v_channels := v_channels || v.channel;
        PERFORM tell_salon(p_tenant, 'quota_used_up', format('quota_used_up:%s:%s', v.channel, v_month),
                           jsonb_build_object('channel', v.channel, 'month', to_char(v_month, 'YYYY-MM'),
                                              'limit', v.monthly_limit), p_now);
    END LOOP;
    RETURN v_channels;
END $$;
