-- Writes down what a provider says became of a message: p_state is one of channels/events.py, about the send that it
-- calls p_provider_id, by p_channel. Reports come late, twice and in any order: states move forward only, and what has
-- arrived did not fail. It settles a send of which nobody knew whether it had happened; a failure sends the message on
-- to the customer's next channel. Returns the message's customer, or NULL: there is no such message.
-- Lock order, as everywhere: message, slot, offer; the counters of usage last.
CREATE OR REPLACE FUNCTION note_delivery(
    p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_reason text, p_at timestamptz,
    p_now timestamptz) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v messages;
    v_order constant text[] := ARRAY['sent', 'failed', 'delivered', 'read'];
    v_known text;
BEGIN
    SELECT * INTO v FROM messages WHERE tenant_id = current_tenant() AND id = p_message FOR UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_known := CASE WHEN v.delivery_id = p_provider_id THEN v.delivery END;
    IF v_known IS NOT NULL AND array_position(v_order, p_state) <= array_position(v_order, v_known) THEN
        RETURN v.customer_id;
    END IF;
    IF v.channel IS DISTINCT FROM p_channel OR v.status IN ('failed', 'dropped')
       OR v.status = 'sent' AND v.provider_id IS DISTINCT FROM p_provider_id THEN
        IF p_state <> 'sent' THEN  -- About an earlier send: worth a line, and no more.
            INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
            VALUES (v.tenant_id, v.id, CASE p_state WHEN 'failed' THEN 'undelivered' ELSE p_state END, p_channel,
                    'an earlier send: ' || p_reason, p_at);
        END IF;
        RETURN v.customer_id;
    END IF;

    UPDATE messages SET delivery = p_state, delivery_id = p_provider_id WHERE tenant_id = v.tenant_id AND id = v.id;
    IF p_state <> 'sent' THEN
        INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
        VALUES (v.tenant_id, v.id, CASE p_state WHEN 'failed' THEN 'undelivered' ELSE p_state END, p_channel, p_reason, p_at);
    END IF;
    IF v.status = 'sent' AND p_state = 'failed' OR v.status = 'uncertain' AND p_state = 'failed' THEN
        PERFORM resend_undelivered(v.tenant_id, v.id, p_reason, p_now);
    ELSIF v.status IN ('queued', 'uncertain') AND p_state <> 'failed' THEN
        PERFORM settle_sent(v.tenant_id, v.id, p_provider, p_provider_id, least(p_at, p_now));
        PERFORM count_usage(ARRAY[v.tenant_id], ARRAY[v.id], ARRAY['sent'], ARRAY[p_provider], ARRAY[1], ARRAY[p_at]);
    END IF;
    RETURN v.customer_id;
END $$;
