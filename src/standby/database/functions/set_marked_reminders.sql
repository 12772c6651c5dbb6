-- Sets the next reminder of a salon's coming bookings anew, or of those of one service, whose rules were changed. One
-- that would have been due before p_now is not made up for. Returns how many rules it took; rivals skip what another has.
CREATE OR REPLACE FUNCTION set_marked_reminders(p_now timestamptz)
RETURNS TABLE (taken bigint, enqueued bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
BEGIN
    SELECT p.tenant_id, p.id, p.service_id INTO v
    FROM policies p WHERE p.reminders_marked <= p_now ORDER BY p.reminders_marked LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0::bigint, 0::bigint;
        RETURN;
    END IF;
    UPDATE bookings b
    SET remind_at = reminder_of(b.tenant_id, b.service_id, b.reminders_since, b.starts_at, p_now)
    FROM (SELECT id FROM bookings
          WHERE tenant_id = v.tenant_id AND starts_at > p_now AND status = 'confirmed'
            AND (v.service_id IS NULL OR service_id = v.service_id)
          ORDER BY id FOR NO KEY UPDATE) AS coming
    WHERE b.tenant_id = v.tenant_id AND b.id = coming.id;
    UPDATE policies SET reminders_marked = NULL WHERE tenant_id = v.tenant_id AND id = v.id;
    RETURN QUERY SELECT 1::bigint, 0::bigint;
END $$;
