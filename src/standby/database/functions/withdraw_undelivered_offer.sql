-- Nobody can be told of this offer: it ends through no fault of the customer, and the slot is passed on.
-- Lock order, as everywhere: slot, offer, entry.
CREATE OR REPLACE FUNCTION withdraw_undelivered_offer(p_tenant uuid, p_offer uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v_offer offers;
BEGIN
    PERFORM FROM slots s
    WHERE s.tenant_id = p_tenant AND s.id = (SELECT slot_id FROM offers WHERE tenant_id = p_tenant AND id = p_offer)
    FOR UPDATE;
    UPDATE offers
    SET status = 'withdrawn', reason = 'undelivered', actor = 'delivery', changed_at = p_now, ended_at = p_now,
        remind_at = NULL
    WHERE tenant_id = p_tenant AND id = p_offer AND status = 'pending'
    RETURNING * INTO v_offer;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE waitlist_entries
    SET status = 'waiting', reason = 'undelivered', actor = 'delivery', changed_at = p_now
    WHERE tenant_id = p_tenant AND id = v_offer.entry_id AND status = 'notified';
    UPDATE slots s
    SET status = 'open', hold_expires_at = NULL, reason = 'offer_ended', actor = 'delivery', changed_at = p_now
    WHERE s.tenant_id = p_tenant AND s.id = v_offer.slot_id AND s.status = 'held'
      AND NOT EXISTS (SELECT FROM offers o
                      WHERE o.tenant_id = p_tenant AND o.slot_id = s.id AND o.status = 'pending');
    IF FOUND THEN
        PERFORM enqueue_for(p_tenant, 'waitlist.fill', v_offer.slot_id, 10);
    END IF;
END $$;
