-- Writes down what a provider says became of a message: p_state is one of channels/events.py, about the send that it
-- calls p_provider_id, by p_channel. Reports come late, twice and in any order: states move forward only, and what has
-- arrived did not fail. It settles a send of which nobody knew whether it had happened (settled); a failure sends the
-- message on to the customer's next channel. Of p_fault "sender" the channel is paused too; of "window" the same channel
-- takes it again, as a template. customer: whom it went to, if that address still is theirs.
-- Lock order, as everywhere: message, slot, offer, customer, pause.
CREATE OR REPLACE FUNCTION note_delivery(
    p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text,
    p_at timestamptz, p_now timestamptz, OUT customer uuid, OUT taken_at timestamptz, OUT settled boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v messages;
    v_customer customers;
    v_order constant text[] := ARRAY['sent', 'failed', 'delivered', 'read'];
    v_known text;
BEGIN
    settled := false;
    SELECT * INTO v FROM messages WHERE tenant_id = current_tenant() AND id = p_message FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO v_customer FROM customers c WHERE c.tenant_id = v.tenant_id AND c.id = v.customer_id;
    IF v.address IS NULL
       OR v.address = (CASE p_channel WHEN 'email' THEN v_customer.email ELSE v_customer.phone END) THEN
        customer := v.customer_id;
    END IF;
    taken_at := v.sent_at;
    v_known := CASE WHEN v.delivery_id = p_provider_id THEN v.delivery END;
    IF v_known IS NOT NULL AND array_position(v_order, p_state) <= array_position(v_order, v_known) THEN
        RETURN;
    END IF;
    IF v.channel IS DISTINCT FROM p_channel OR v.status IN ('failed', 'dropped')
       OR v.status = 'sent' AND v.provider_id IS DISTINCT FROM p_provider_id THEN
        IF p_state <> 'sent' THEN  -- About an earlier send: worth a line, and no more.
            INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
            VALUES (v.tenant_id, v.id, CASE p_state WHEN 'failed' THEN 'undelivered' ELSE p_state END, p_channel,
                    'an earlier send: ' || p_reason, p_at);
        END IF;
        RETURN;
    END IF;

    UPDATE messages SET delivery = p_state, delivery_id = p_provider_id WHERE tenant_id = v.tenant_id AND id = v.id;
    IF p_state <> 'sent' THEN
        INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
        VALUES (v.tenant_id, v.id, CASE p_state WHEN 'failed' THEN 'undelivered' ELSE p_state END, p_channel, p_reason, p_at);
    END IF;
    IF v.status IN ('sent', 'uncertain') AND p_state = 'failed' THEN
        PERFORM resend_undelivered(
            v.tenant_id, v.id, p_reason, p_now,
            p_fault = 'sender' OR p_fault = 'window' AND v_customer.wrote_whatsapp_at IS NOT NULL);
        IF p_fault = 'window' THEN
            UPDATE customers c SET wrote_whatsapp_at = NULL WHERE c.tenant_id = v.tenant_id AND c.id = v.customer_id;
        ELSIF p_fault = 'sender' THEN
            PERFORM pause_channel(v.tenant_id, p_channel, true, p_reason, p_now);
        END IF;
    ELSIF v.status IN ('queued', 'uncertain') AND p_state <> 'failed' THEN
        PERFORM settle_sent(v.tenant_id, v.id, p_provider, p_provider_id, least(p_at, p_now));
        settled := true;
    END IF;
END $$;
