-- A message that its provider had taken did not arrive: it goes on to the customer's next channel (p_again: by whichever
-- is open), and an offer's whole window is kept open for that: what is sent now says how long it holds, and runs anew once
-- it is taken. Lock order, as everywhere: message (the caller has it), slot, offer.
CREATE OR REPLACE FUNCTION resend_undelivered(
    p_tenant uuid, p_id uuid, p_reason text, p_now timestamptz, p_again boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v messages;
BEGIN
    UPDATE messages
    SET status = 'queued', sent_at = NULL, provider = NULL, provider_id = NULL, attempts = 0, not_before = '-infinity',
        next_attempt_at = p_now + interval '5 seconds', reason = p_reason,
        failed_channels = CASE WHEN p_again THEN failed_channels ELSE failed_channels || channel END
    WHERE tenant_id = p_tenant AND id = p_id
    RETURNING * INTO v;
    IF v.kind = 'offer' THEN
        PERFORM FROM slots s
        WHERE s.tenant_id = p_tenant AND s.id = v.slot_id
        FOR UPDATE;
        UPDATE offers SET sent_at = NULL, remind_at = NULL
        WHERE tenant_id = p_tenant AND id = v.offer_id AND status = 'pending';
        PERFORM set_offer_clock(p_tenant, v.offer_id, p_now, NULL);
    END IF;
    PERFORM enqueue_for(p_tenant, send_job(v.kind), p_id, 10);
END $$;
