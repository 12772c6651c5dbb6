-- Sets the next reminder of a salon's coming bookings anew, or of those of one service, whose rules were changed: at most
-- 500 at once, and passes by those that somebody has locked. The mark goes when none is left. A reminder that would have
-- been due before p_now is not made up for. Returns one if it has got on, with bookings or to the end.
-- A booking that is not committed yet was set by the old rules and can't be seen: whoever writes one shares a lock on the
-- salon's rules (set_reminder), so that nothing is set while there is one. Waits for nobody; rivals skip what another has.
CREATE OR REPLACE FUNCTION set_marked_reminders(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
    v_taken bigint;
BEGIN
    SELECT p.tenant_id, p.id, p.service_id, p.reminders_pass INTO v
    FROM policies p
    JOIN policies salon ON salon.tenant_id = p.tenant_id AND salon.service_id IS NULL
    WHERE p.reminders_marked <= p_now
    ORDER BY p.reminders_marked
    LIMIT 1
    FOR NO KEY UPDATE OF p SKIP LOCKED FOR UPDATE OF salon SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0::bigint, 0::bigint;
        RETURN;
    END IF;
    IF v.reminders_pass IS NULL THEN
        v.reminders_pass := nextval('reminder_passes');
        UPDATE policies SET reminders_pass = v.reminders_pass WHERE tenant_id = v.tenant_id AND id = v.id;
    END IF;
    WITH coming AS MATERIALIZED (
        SELECT ctid FROM bookings
        WHERE tenant_id = v.tenant_id AND starts_at > p_now AND status = 'confirmed'
          AND reminders_pass < v.reminders_pass AND (v.service_id IS NULL OR service_id = v.service_id)
        ORDER BY starts_at, id
        LIMIT 500
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE bookings b
    SET remind_at = reminder_of(b.tenant_id, b.service_id, b.reminders_since, b.starts_at, p_now),
        reminders_pass = v.reminders_pass
    FROM coming WHERE b.ctid = coming.ctid;  -- They are locked, so it stays; and no plan reads all for each of them.
    GET DIAGNOSTICS v_taken = ROW_COUNT;
    IF v_taken < 500 AND NOT EXISTS (
        SELECT FROM bookings
        WHERE tenant_id = v.tenant_id AND starts_at > p_now AND status = 'confirmed'
          AND reminders_pass < v.reminders_pass AND (v.service_id IS NULL OR service_id = v.service_id))
    THEN
        UPDATE policies SET reminders_marked = NULL, reminders_pass = NULL WHERE tenant_id = v.tenant_id AND id = v.id;
        v_taken := 1;
    END IF;
    RETURN QUERY SELECT least(v_taken, 1), 0::bigint;
END $$;
