-- Sets when a pending offer, and the hold on its slot, end: a window after p_from, and never after the slot starts.
-- With p_sent_at (a provider took the message) the clock runs for the customer, who is reminded before the end if the
-- window is longer than the reminder's lead. Without, the time is only kept open for a message still to come.
CREATE OR REPLACE FUNCTION set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamptz, p_sent_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_slot uuid;
    v_end timestamptz;
BEGIN
    SELECT s.id INTO v_slot
    FROM slots s
    WHERE s.tenant_id = p_tenant AND s.id = (SELECT slot_id FROM offers WHERE tenant_id = p_tenant AND id = p_offer)
    FOR UPDATE;
    UPDATE offers o
    SET expires_at = least(p_from + make_interval(secs => o.window_seconds), s.starts_at),
        sent_at = coalesce(o.sent_at, p_sent_at),
        remind_at = CASE WHEN p_sent_at IS NOT NULL AND o.reminder_lead_seconds > 0
                              AND o.window_seconds > o.reminder_lead_seconds
                         THEN least(p_from + make_interval(secs => o.window_seconds), s.starts_at)
                              - make_interval(secs => o.reminder_lead_seconds) END
    FROM slots s
    WHERE o.tenant_id = p_tenant AND o.id = p_offer AND o.status = 'pending' AND o.sent_at IS NULL
      AND s.tenant_id = p_tenant AND s.id = v_slot
      AND s.starts_at > o.offered_at
    RETURNING o.expires_at INTO v_end;
    IF FOUND THEN
        UPDATE slots SET hold_expires_at = greatest(hold_expires_at, v_end)
        WHERE tenant_id = p_tenant AND id = v_slot AND status = 'held';
        PERFORM announce_deadline(v_end, p_from);
    END IF;
END $$;
