-- Sets when a pending offer, and the hold on its slot, end: a window after p_from, and never after the slot starts.
-- With p_sent_at (a provider took the message) the clock runs for the customer, who is reminded before the end if the
-- time that is left is longer than the reminder's lead. Without, the time is only kept open for a message still to come.
-- Rows are locked, looked at, and changed by their key alone: a state in the WHERE of an UPDATE lets the planner take
-- the index of all rows in that state for a way to the one row.
CREATE OR REPLACE FUNCTION set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamptz, p_sent_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_slot record;
    v_offer record;
    v_end timestamptz;
    v_remind_at timestamptz;
BEGIN
    SELECT s.id, s.status, s.starts_at INTO v_slot
    FROM slots s
    WHERE s.tenant_id = p_tenant AND s.id = (SELECT slot_id FROM offers WHERE tenant_id = p_tenant AND id = p_offer)
    FOR UPDATE;
    SELECT o.status, o.sent_at, o.offered_at, o.window_seconds, o.reminder_lead_seconds INTO v_offer
    FROM offers o WHERE o.tenant_id = p_tenant AND o.id = p_offer FOR UPDATE;
    IF v_offer.status IS DISTINCT FROM 'pending' OR v_offer.sent_at IS NOT NULL
       OR v_slot.starts_at <= v_offer.offered_at THEN
        RETURN;
    END IF;
    v_end := least(p_from + make_interval(secs => v_offer.window_seconds), v_slot.starts_at);
    IF p_sent_at IS NOT NULL AND v_offer.reminder_lead_seconds > 0
       AND v_end - make_interval(secs => v_offer.reminder_lead_seconds) > p_sent_at THEN
        v_remind_at := v_end - make_interval(secs => v_offer.reminder_lead_seconds);
    END IF;
    UPDATE offers SET expires_at = v_end, sent_at = p_sent_at, remind_at = v_remind_at
    WHERE tenant_id = p_tenant AND id = p_offer;
    IF v_slot.status = 'held' THEN
        UPDATE slots SET hold_expires_at = greatest(hold_expires_at, v_end)
        WHERE tenant_id = p_tenant AND id = v_slot.id;
    END IF;
    PERFORM announce_deadline(least(v_end, v_remind_at), p_from);
END $$;
