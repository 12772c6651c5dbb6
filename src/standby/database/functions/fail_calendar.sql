-- Notes that a linked calendar of the caller's salon could not be read, and when that is tried again (p_next); NULL:
-- somebody has to connect it anew, and until then nothing is read or written. Busy times that are known stay. What failed
-- with other secrets than it has by now (p_secrets) says nothing about it.
-- The salon is told once for each run of failures: at once if somebody has to act (p_tell), else at the third.
CREATE OR REPLACE FUNCTION fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamptz, p_tell boolean,
                                         p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
BEGIN
    UPDATE calendar_links
    SET state = CASE WHEN p_next IS NULL THEN 'reconnect' ELSE 'failing' END, failure = p_failure,
        failures = failures + 1, failing_since = coalesce(failing_since, p_now), next_read_at = p_next
    WHERE tenant_id = current_tenant() AND id = p_link AND state <> 'reconnect' AND secrets IS NOT DISTINCT FROM p_secrets
    RETURNING tenant_id, staff_id, kind, state, failures, failing_since INTO v;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_next IS NULL THEN
        WITH resting AS MATERIALIZED (
            SELECT tenant_id, id FROM calendar_events
            WHERE tenant_id = v.tenant_id AND link_id = p_link AND next_attempt_at IS NOT NULL
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE calendar_events e SET next_attempt_at = NULL, lease_until = NULL
        FROM resting r WHERE e.tenant_id = r.tenant_id AND e.id = r.id;
    END IF;
    IF p_tell OR p_next IS NULL OR v.failures >= 3 THEN
        PERFORM tell_salon(v.tenant_id, 'calendar_' || v.state, format('calendar_%s:%s:%s', v.state, p_link, v.failing_since),
                           jsonb_build_object('calendar_id', p_link, 'staff_id', v.staff_id, 'calendar', v.kind,
                                              'failure', p_failure), p_now);
    END IF;
END $$;
