-- Counts what became of offers and messages since it was last counted, until p_until (ten minutes of it at most, so that a
-- call after a pause is short too). The first call only notes when counting begins. One caller at a time counts, the others
-- return at once. Each line of history and message_events is counted once; one whose transaction commits after p_until
-- although it is of before is missed, so p_until lies some seconds back.
-- p_quick and p_slow: upper bounds, in seconds, of the classes of short and long times.
CREATE OR REPLACE FUNCTION count_story(p_until timestamptz, p_quick double precision[], p_slow double precision[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
SET enable_bitmapscan = on SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_from timestamptz;
    v_until timestamptz;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('standby story')) THEN
        RETURN;
    END IF;
    SELECT until INTO v_from FROM story_counted;
    IF NOT FOUND THEN
        INSERT INTO story_counted (until) VALUES (p_until);
        RETURN;
    END IF;
    v_until := least(p_until, v_from + interval '10 minutes');
    IF v_until <= v_from THEN
        RETURN;
    END IF;
    WITH seen AS MATERIALIZED (
        SELECT 'offers' AS metric, ARRAY[h.to_state] AS labels, NULL::double precision AS seconds
        FROM history h
        WHERE h.at >= v_from AND h.at < v_until AND h.entity = 'offer' AND h.to_state <> 'pending'
        UNION ALL
        SELECT 'fill', '{}', extract(epoch FROM h.at - s.created_at)
        FROM history h
        JOIN slots s ON s.tenant_id = h.tenant_id AND s.id = h.entity_id
        WHERE h.at >= v_from AND h.at < v_until AND h.entity = 'slot' AND h.from_state = 'held' AND h.to_state = 'booked'
        UNION ALL
        SELECT 'sends', ARRAY[coalesce(e.channel, ''), coalesce(m.provider, ''), e.event], NULL
        FROM message_events e
        JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
        WHERE e.at >= v_from AND e.at < v_until AND e.event NOT IN ('deferred', 'dropped')
        UNION ALL
        SELECT 'deferrals', ARRAY[CASE
            WHEN e.details = 'the salon''s rate is used up' THEN 'rate_limited'
            WHEN e.details LIKE 'it is not its turn%' THEN 'sender_busy'
            WHEN e.details = 'the salon''s quiet hours' THEN 'quiet_hours'
            ELSE 'channel_paused' END], NULL
        FROM message_events e
        WHERE e.at >= v_from AND e.at < v_until AND e.event = 'deferred'
        UNION ALL
        SELECT 'first_message', '{}', extract(epoch FROM e.at - s.created_at)
        FROM message_events e
        JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id AND m.kind = 'offer'
        JOIN offers o ON o.tenant_id = m.tenant_id AND o.id = m.offer_id
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
        WHERE e.at >= v_from AND e.at < v_until AND e.event = 'sent'
          AND NOT EXISTS (SELECT FROM offers earlier
                          WHERE earlier.tenant_id = o.tenant_id AND earlier.slot_id = o.slot_id
                            AND earlier.offered_at < o.offered_at)
    ), classed AS MATERIALIZED (
        SELECT metric, labels, coalesce(sum(seconds), 0) AS seconds, count(*) AS amount,
               width_bucket(seconds, CASE metric WHEN 'fill' THEN p_slow ELSE p_quick END) AS class
        FROM seen GROUP BY metric, labels, class
    )
    INSERT INTO story_totals AS t (metric, labels, amount, seconds, counts)
    SELECT c.metric, c.labels, sum(c.amount), sum(c.seconds), ARRAY(
        SELECT coalesce(sum(one.amount) FILTER (WHERE one.class = k), 0)::bigint
        FROM generate_series(0, cardinality(CASE c.metric WHEN 'fill' THEN p_slow ELSE p_quick END)) AS k
        LEFT JOIN classed one ON one.metric = c.metric AND one.labels = c.labels
        GROUP BY k ORDER BY k)
    FROM classed c GROUP BY c.metric, c.labels
    ON CONFLICT (metric, labels) DO UPDATE
    SET amount = t.amount + excluded.amount, seconds = t.seconds + excluded.seconds,
        counts = ARRAY(SELECT mine + theirs FROM unnest(t.counts, excluded.counts) AS sums (mine, theirs));
    UPDATE story_counted SET until = v_until;
END $$;
