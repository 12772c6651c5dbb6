-- Notes that a provider failed a salon's channel, and pauses it: for a quarter of an hour when the provider refuses the
-- sender (p_refused), for somebody has to act; else from the fifth failure in a row on, for half a minute and twice as
-- long each time. A pause never gets shorter. Of a refusal the salon is told, once a day.
CREATE OR REPLACE FUNCTION pause_channel(
    p_tenant uuid, p_channel text, p_refused boolean, p_reason text, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO channel_pauses AS p (tenant_id, channel, failures, refused, paused_until, reason)
    VALUES (p_tenant, p_channel, 1, p_refused, CASE WHEN p_refused THEN p_now + interval '15 minutes' ELSE p_now END, p_reason)
    ON CONFLICT (tenant_id, channel) DO UPDATE
    SET failures = p.failures + 1, reason = p_reason,
        refused = p_refused OR (p.refused AND p.paused_until > p_now),
        paused_until = greatest(p.paused_until, CASE
            WHEN p_refused THEN p_now + interval '15 minutes'
            WHEN p.failures + 1 >= 5
            THEN p_now + least(interval '15 minutes', interval '30 seconds' * power(2, least(p.failures - 4, 10)))
            ELSE p.paused_until END);
    SELECT tell_salon(p_tenant, 'sender_refused',
                      format('sender_refused:%s:%s', p_channel, (p_now AT TIME ZONE 'UTC')::date),
                      jsonb_build_object('channel', p_channel, 'reason', p_reason), p_now)
    WHERE p_refused;
$$;
