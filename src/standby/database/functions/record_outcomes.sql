-- Records what became of claimed messages, as decided by messages/delivery.py. p_outcomes: sent, retry (at
-- p_retry_at), next_channel, failed, uncertain, opted_out (the customer told the provider: they are not written to by
-- this channel any more), needs_template (they have not written for too long) or stopped (the provider refuses the
-- sender: the channel is paused, the message goes on). Only the lease's holder may record; what came too late is told in
-- message_events and changes nothing else. Where the provider's own report was faster (note_delivery), it counts.
-- Slots are taken in one order, then customers, then pauses, then the counters of usage, each in one order too, so that two
-- batches can't wait in a circle. p_segments: how many messages the provider counts each as.
CREATE OR REPLACE FUNCTION record_outcomes(
    p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[],
    p_details text[], p_retry_at timestamptz[], p_at timestamptz[], p_segments integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
DECLARE
    v record;
    v_ours uuid[] := '{}';
    v_settled uuid[] := '{}';
    v_counted uuid[] := '{}';  -- by the provider's own report, before we got to recording
BEGIN
    FOR v IN
        SELECT m.tenant_id, m.id, m.kind, m.offer_id, m.customer_id, m.channel, m.attempts, m.resends, r.lease_id,
               m.status = 'sending' AND m.lease_id = r.lease_id AS ours, m.delivery, m.delivery_id,
               m.delivery <> 'failed' AND r.outcome IN ('retry', 'uncertain') AS known_sent,
               r.outcome, r.provider, r.provider_id, r.details, r.retry_at, r.at, r.segments,
               m.provider_id = r.provider_id AS known
        FROM unnest(p_tenants, p_ids, p_lease_ids, p_outcomes, p_providers, p_provider_ids, p_details, p_retry_at, p_at,
                    p_segments)
             AS r (tenant_id, id, lease_id, outcome, provider, provider_id, details, retry_at, at, segments)
        JOIN messages m ON m.tenant_id = r.tenant_id AND m.id = r.id
        ORDER BY m.tenant_id, m.slot_id, m.id
        FOR UPDATE OF m
    LOOP
        INSERT INTO message_events (tenant_id, message_id, event, channel, details, at, segments)
        VALUES (v.tenant_id, v.id, CASE v.outcome WHEN 'next_channel' THEN 'failed' ELSE v.outcome END, v.channel,
                CASE WHEN v.ours THEN v.details ELSE 'after its lease had ended: ' || v.details END, v.at,
                CASE WHEN v.outcome = 'sent' THEN v.segments END);
        IF NOT v.ours AND v.known THEN
            v_counted := v_counted || v.id;
        END IF;
        CONTINUE WHEN NOT v.ours;
        v_ours := v_ours || v.id;
        IF v.known_sent THEN
            PERFORM settle_sent(v.tenant_id, v.id, v.provider, v.delivery_id, v.at);
            v_settled := v_settled || v.id;
            CONTINUE;
        END IF;
        CASE v.outcome
        WHEN 'sent' THEN
            UPDATE messages
            SET status = 'sent', sent_at = v.at, provider = v.provider, provider_id = v.provider_id, reason = '',
                delivery = CASE WHEN v.delivery_id = v.provider_id THEN v.delivery END,
                delivery_id = CASE WHEN v.delivery_id = v.provider_id THEN v.delivery_id END,
                lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            IF v.delivery = 'failed' AND v.delivery_id = v.provider_id THEN
                PERFORM resend_undelivered(v.tenant_id, v.id, 'the provider could not deliver it', v.at);
                CONTINUE;
            END IF;
            IF v.kind = 'offer' THEN
                PERFORM set_offer_clock(v.tenant_id, v.offer_id, v.at, v.at);
            END IF;
        WHEN 'retry' THEN
            UPDATE messages
            SET status = 'queued', not_before = v.retry_at, next_attempt_at = v.retry_at, reason = v.details, lease_id = NULL,
                lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            PERFORM announce_deadline(v.retry_at, v.at);
        WHEN 'next_channel' THEN
            UPDATE messages
            SET status = 'queued', next_attempt_at = v.at + interval '5 seconds', reason = v.details, attempts = 0,
                failed_channels = failed_channels || v.channel, lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            PERFORM enqueue_for(v.tenant_id, send_job(v.kind), v.id, 10);
        WHEN 'needs_template' THEN
            UPDATE messages
            SET status = 'queued', next_attempt_at = v.at + interval '5 seconds', reason = v.details, attempts = 0,
                lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            PERFORM enqueue_for(v.tenant_id, send_job(v.kind), v.id, 10);
        WHEN 'stopped' THEN
            UPDATE messages
            SET status = 'queued', next_attempt_at = v.at + interval '5 seconds', reason = v.details, attempts = 0,
                lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            PERFORM enqueue_for(v.tenant_id, send_job(v.kind), v.id, 10);
        WHEN 'opted_out' THEN
            UPDATE messages
            SET status = 'queued', next_attempt_at = v.at + interval '5 seconds', reason = v.details, attempts = 0,
                failed_channels = failed_channels || v.channel, lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
            SELECT v.tenant_id, gen_random_uuid(), v.customer_id, v.channel, false, '', 'provider:' || coalesce(v.provider, ''), v.at
            WHERE v.customer_id IS NOT NULL;  -- A code goes to a number, which need not be a customer's.
            PERFORM enqueue_for(v.tenant_id, send_job(v.kind), v.id, 10);
        WHEN 'failed' THEN
            UPDATE messages
            SET status = 'failed', reason = v.details, failed_channels = failed_channels || v.channel,
                lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            IF v.kind = 'offer' THEN
                PERFORM withdraw_undelivered_offer(v.tenant_id, v.offer_id, v.at);
            ELSIF v.kind = 'reminder' THEN
                PERFORM tell_of_failed_reminder(v.tenant_id, v.id, v.details, v.at);
            END IF;
        WHEN 'uncertain' THEN
            UPDATE messages
            SET status = CASE WHEN v.kind = 'offer' AND v.resends = 0 THEN 'queued' ELSE 'uncertain' END,
                resends = CASE WHEN v.kind = 'offer' AND v.resends = 0 THEN 1 ELSE v.resends END,
                next_attempt_at = CASE WHEN v.kind = 'offer' AND v.resends = 0
                                       THEN v.at + interval '5 seconds' END,
                reason = v.details, lease_id = NULL, lease_expires_at = NULL
            WHERE tenant_id = v.tenant_id AND id = v.id;
            IF v.kind = 'offer' AND v.resends = 0 THEN
                PERFORM enqueue_for(v.tenant_id, send_job(v.kind), v.id, 10);
            END IF;
        END CASE;
    END LOOP;

    FOR v IN
        SELECT m.tenant_id, m.customer_id, m.channel, r.outcome
        FROM unnest(p_tenants, p_ids, p_outcomes) AS r (tenant_id, id, outcome)
        JOIN messages m ON m.tenant_id = r.tenant_id AND m.id = r.id
        WHERE r.id = ANY (v_ours) AND r.outcome IN ('opted_out', 'needs_template')
        ORDER BY m.tenant_id, m.customer_id
    LOOP
        UPDATE customers c
        SET channels = CASE v.outcome WHEN 'opted_out' THEN array_remove(c.channels, v.channel) ELSE c.channels END,
            wrote_whatsapp_at = CASE v.outcome WHEN 'needs_template' THEN NULL ELSE c.wrote_whatsapp_at END
        WHERE c.tenant_id = v.tenant_id AND c.id = v.customer_id;
    END LOOP;

    FOR v IN
        SELECT m.tenant_id, m.channel, bool_or(r.outcome = 'sent') AS works, bool_or(r.outcome = 'stopped') AS refused,
               max(r.details) FILTER (WHERE r.outcome <> 'sent') AS details, max(r.at) AS at
        FROM unnest(p_tenants, p_ids, p_outcomes, p_details, p_at) AS r (tenant_id, id, outcome, details, at)
        JOIN messages m ON m.tenant_id = r.tenant_id AND m.id = r.id
        WHERE r.id = ANY (v_ours) AND r.outcome IN ('sent', 'retry', 'uncertain', 'stopped')
        GROUP BY m.tenant_id, m.channel
        ORDER BY m.tenant_id, m.channel
    LOOP
        IF v.works THEN
            DELETE FROM channel_pauses WHERE tenant_id = v.tenant_id AND channel = v.channel;
        ELSE
            PERFORM pause_channel(v.tenant_id, v.channel, v.refused, v.details, v.at);
        END IF;
    END LOOP;

    PERFORM count_usage(
        p_tenants, p_ids,
        ARRAY(SELECT CASE WHEN r.id = ANY (v_settled) THEN 'sent' WHEN r.id = ANY (v_counted) THEN '' ELSE r.outcome END
              FROM unnest(p_ids, p_outcomes) WITH ORDINALITY AS r (id, outcome, place) ORDER BY r.place),
        p_providers, p_segments, p_at);
END $$;
