-- Claims the given messages for one worker, each with a lease; rivals skip what another has locked (SKIP LOCKED).
-- Returns what is to be sent now. The rest is decided here too: a message whose offer has ended, or whose time has begun
-- (unless it answers what somebody wrote; a cancellation is told until it would have ended), is dropped, and so is what
-- isn't so any more: of a booking that is over, or a reminder of another time than the booking's, or not its newest; one over the salon's rate is deferred to the time that it is
-- granted (never dropped); one without an open channel fails. Open is a channel that the customer agrees to, that hasn't
-- failed for this message, whose quota of the month is not used up, and that somebody serves: a sender of the salon's, or
-- the installation (p_channels). One that is paused is taken last; if there is no other, its end is waited for. But no
-- offer waits for a sender that is refused: it would keep the slot from everybody else. In quiet hours only what answers a
-- customer goes out, and what staff offer by hand. That somebody's channel is closed is said by that very channel.
-- docs/sending.md has these rules in their order. hears: the customer's answers to this message reach us.
-- own_texts are the salon's texts of the message's kind: language → part → text; NULL: it has none.
-- The booking's columns are for the mail's .ics; NULL: the message is about none.
-- p_token_hashes are for the links of offers: each opens the page until a newer one is known to have gone out. p_code_hashes
-- are for messages that bring a code, which nobody knows before; such a one goes to a number, whoever's that is, but not by
-- a channel that its customer has closed. p_kinds are the kinds that the caller can write. expires_at: when the offer ends, or the code.
CREATE OR REPLACE FUNCTION claim_messages(
    p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamptz, p_now timestamptz,
    p_channels text[], p_code_hashes bytea[] DEFAULT '{}', p_kinds text[] DEFAULT '{}')
RETURNS TABLE (
    tenant_id uuid, id uuid, kind text, channel text, attempt integer, resends integer, customer_id uuid,
    customer_name text, phone text, email text, salon_name text, timezone text, locale text, currency text,
    service_name text, duration_minutes integer, price numeric, staff_name text, starts_at timestamptz,
    ends_at timestamptz, window_seconds integer, expires_at timestamptz, sender_version uuid, more_channels boolean,
    offer_id uuid, booking_id uuid, details jsonb, hears boolean, in_conversation boolean, own_texts jsonb,
    booking_sequence integer, booking_status text, booking_changed_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
-- The joins are written in the order to run them in: planning so many tables, all of one tenant, takes longer than the rest.
SET join_collapse_limit = 1
AS $$
#variable_conflict use_column
DECLARE
    v_message record;
    v_dropped text;
    v_granted_at timestamptz;
    v_channel text;
    v_version uuid;
    v_paused_until timestamptz;
    v_open integer;
    v_hears boolean;
    v_quiet_until timestamptz;
    v_used_up text[];
    v_number text;
    v_per_second numeric;
BEGIN
    FOR v_message IN
        SELECT m.*, asked.token_hash, asked.code_hash,
               c.name AS customer_name, coalesce(c.phone, x.phone) AS phone, c.email, c.channels AS open_channels,
               c.wrote_whatsapp_at, x.expires_at AS code_expires_at, x.ended_at AS code_ended_at,
               t.name AS salon_name, t.timezone, t.locale, t.currency,
               sv.name AS service_name, sv.duration_minutes, sv.price, st.name AS staff_name,
               coalesce(b.starts_at, sl.starts_at) AS starts_at, coalesce(b.ends_at, sl.ends_at) AS ends_at,
               b.sequence AS booking_sequence, b.status AS booking_status, b.changed_at AS booking_changed_at, b.reminder_number,
               o.window_seconds, o.expires_at AS offer_expires_at,
               o.status AS offer_status, o.expires_at <= p_now AS offer_over,
               CASE WHEN m.kind = 'offer' THEN m.offer_id END AS made_offer_id, o.reason = 'notified_by_hand' AS by_hand,
               p.messages_per_minute, p.quiet_from_minute, p.quiet_until_minute,
               EXISTS (SELECT FROM quotas q WHERE q.tenant_id = m.tenant_id) AS has_quotas,
               (SELECT jsonb_object_agg(w.language, jsonb_strip_nulls(
                           jsonb_build_object('subject', w.subject, 'body', w.body, 'sms', w.sms)))
                FROM texts w WHERE w.tenant_id = m.tenant_id AND w.kind = m.kind) AS own_texts
        FROM unnest(p_tenants, p_ids, p_token_hashes, p_code_hashes) AS asked (tenant_id, id, token_hash, code_hash)
        -- || '': or the planner may take the index of all that is queued for a way to these, when it knows of few.
        JOIN messages m ON m.tenant_id = asked.tenant_id AND m.id = asked.id AND m.status || '' = 'queued'
                       AND m.not_before <= p_now
                       -- Who brings no code is a worker of an older version; another one takes it.
                       AND (m.kind <> 'verify_code' OR asked.code_hash IS NOT NULL)
                       -- And so is who doesn't know a kind.
                       AND (m.kind <> 'by_hand' OR m.kind = ANY (p_kinds))
        LEFT JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
        LEFT JOIN verifications x ON x.tenant_id = m.tenant_id AND x.id = m.id AND m.kind = 'verify_code'
        JOIN tenants t ON t.id = m.tenant_id
        JOIN policies p ON p.tenant_id = m.tenant_id AND p.service_id IS NULL
        LEFT JOIN slots sl ON sl.tenant_id = m.tenant_id AND sl.id = m.slot_id
        LEFT JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id
        LEFT JOIN services sv ON sv.tenant_id = m.tenant_id AND sv.id = coalesce(b.service_id, sl.service_id)
        LEFT JOIN staff st ON st.tenant_id = m.tenant_id AND st.id = coalesce(b.staff_id, sl.staff_id)
        LEFT JOIN offers o ON o.tenant_id = m.tenant_id AND o.id = m.offer_id
        ORDER BY m.tenant_id, m.created_at, m.id
        FOR UPDATE OF m SKIP LOCKED
    LOOP
        v_dropped := CASE
            WHEN v_message.reply_id IS NULL
                 AND (CASE v_message.kind WHEN 'cancelled' THEN v_message.ends_at ELSE v_message.starts_at END) <= p_now
            THEN 'start_passed'
            WHEN v_message.kind IN ('offer', 'offer_reminder')
                 AND (v_message.offer_status <> 'pending' OR v_message.offer_over)
            THEN 'offer_ended'
            WHEN v_message.kind IN ('booked', 'booking_confirmed', 'reminder', 'changed')
                 AND v_message.booking_status <> 'confirmed'
            THEN 'booking_ended'
            WHEN v_message.kind = 'reminder' AND (v_message.details->>'starts_at')::timestamptz <> v_message.starts_at
            THEN 'booking_moved'
            WHEN v_message.kind = 'reminder' AND (v_message.details->>'number')::integer < v_message.reminder_number - 1
            THEN 'newer_reminder'
            WHEN v_message.kind = 'verify_code'
                 AND (v_message.code_ended_at IS NOT NULL OR v_message.code_expires_at > p_now IS NOT TRUE)
            THEN 'code_over' END;
        IF v_dropped IS NOT NULL THEN
            UPDATE messages m SET status = 'dropped', next_attempt_at = NULL, reason = v_dropped
            WHERE m.tenant_id = v_message.tenant_id AND m.id = v_message.id;
            INSERT INTO message_events (tenant_id, message_id, event, details, at)
            VALUES (v_message.tenant_id, v_message.id, 'dropped',
                    CASE v_dropped WHEN 'start_passed' THEN 'its time has begun'
                                   WHEN 'offer_ended' THEN 'its offer has ended'
                                   WHEN 'booking_ended' THEN 'its booking is over'
                                   WHEN 'booking_moved' THEN 'its booking has moved'
                                   WHEN 'code_over' THEN 'its code has ended'
                                   ELSE 'there is a newer reminder' END, p_now);
            CONTINUE;
        END IF;

        IF NOT (goes_at_once(v_message.kind) OR v_message.kind = 'offer' AND v_message.by_hand) THEN
            v_quiet_until := quiet_until(
                v_message.timezone, v_message.quiet_from_minute, v_message.quiet_until_minute, p_now);
            IF v_quiet_until IS NOT NULL THEN
                PERFORM defer_message(v_message.tenant_id, v_message.id, v_message.made_offer_id, v_quiet_until, p_now,
                                      'quiet_hours', 'the salon''s quiet hours');
                -- Its turn has passed; else all whose turns were in the night would go at once in the morning.
                UPDATE messages m SET rate_granted = false, granted_sender = NULL
                WHERE m.tenant_id = v_message.tenant_id AND m.id = v_message.id;
                CONTINUE;
            END IF;
        END IF;

        IF v_message.kind = 'verify_code' THEN
            v_message.open_channels := ARRAY(
                SELECT wanted FROM unnest(v_message.channels) AS wanted
                WHERE (SELECT k.granted FROM customers c
                       JOIN consents k ON k.tenant_id = c.tenant_id AND k.customer_id = c.id AND k.channel = wanted
                       WHERE c.tenant_id = v_message.tenant_id AND c.phone = v_message.phone
                       ORDER BY k.at DESC, k.id DESC LIMIT 1) IS NOT FALSE);
        END IF;
        v_used_up := CASE WHEN v_message.has_quotas
                          THEN used_up_channels(v_message.tenant_id, v_message.timezone, p_now) ELSE '{}' END;
        SELECT wanted.channel, s.version, s.heard_at IS NOT NULL, p.paused_until, count(*) OVER (),
               CASE WHEN wanted.channel IN ('whatsapp', 'sms') THEN s.address END, coalesce((s.options->>'per_second')::numeric, 1)
        INTO v_channel, v_version, v_hears, v_paused_until, v_open, v_number, v_per_second
        FROM unnest(v_message.channels) WITH ORDINALITY AS wanted (channel, place)
        LEFT JOIN senders s ON s.tenant_id = v_message.tenant_id AND s.channel = wanted.channel
        LEFT JOIN channel_pauses p
            ON p.tenant_id = v_message.tenant_id AND p.channel = wanted.channel AND p.paused_until > p_now
        WHERE (wanted.channel = ANY (v_message.open_channels) OR v_message.kind = 'stopped')
          AND wanted.channel <> ALL (v_message.failed_channels)
          AND wanted.channel <> ALL (v_used_up)
          AND (s.version IS NOT NULL OR wanted.channel = ANY (p_channels))
          AND NOT (coalesce(p.refused, false) AND v_message.kind IN ('offer', 'offer_reminder'))
        ORDER BY p.paused_until NULLS FIRST, wanted.place LIMIT 1;
        IF v_channel IS NULL THEN
            PERFORM fail_without_channel(v_message.tenant_id, v_message.id, p_now, by_quota => EXISTS (
                SELECT FROM unnest(v_used_up) AS channel
                WHERE channel = ANY (v_message.channels) AND channel = ANY (v_message.open_channels)
                  AND channel <> ALL (v_message.failed_channels)));
            IF v_message.kind = 'offer' THEN
                PERFORM withdraw_undelivered_offer(v_message.tenant_id, v_message.offer_id, p_now);
            END IF;
            CONTINUE;
        END IF;

        IF v_paused_until IS NOT NULL THEN
            PERFORM defer_message(v_message.tenant_id, v_message.id, v_message.made_offer_id, v_paused_until, p_now,
                                  'channel_paused', 'the provider of ' || v_channel || ' refuses it for now');
            CONTINUE;
        END IF;

        IF NOT v_message.rate_granted THEN
            v_granted_at := grant_send(v_message.tenant_id, 'messages',
                                       make_interval(secs => 60.0 / v_message.messages_per_minute),
                                       v_message.messages_per_minute, p_now);
            IF v_granted_at > p_now THEN
                PERFORM defer_message(v_message.tenant_id, v_message.id, v_message.made_offer_id, v_granted_at, p_now,
                                      'rate_limited', 'the salon''s rate is used up');
                UPDATE messages m SET rate_granted = true
                WHERE m.tenant_id = v_message.tenant_id AND m.id = v_message.id;
                CONTINUE;
            END IF;
        END IF;

        IF v_message.granted_sender IS DISTINCT FROM v_number AND v_number IS NOT NULL THEN
            PERFORM take_turn(v_message.tenant_id);
            v_granted_at := grant_send(v_message.tenant_id, format('%s %s', v_channel, v_number),
                                       make_interval(secs => 1 / v_per_second), 1, p_now);
            IF v_granted_at > p_now THEN
                PERFORM defer_message(v_message.tenant_id, v_message.id, v_message.made_offer_id, v_granted_at, p_now,
                                      'sender_busy', 'it is not its turn at ' || v_number);
                UPDATE messages m SET rate_granted = true, granted_sender = v_number
                WHERE m.tenant_id = v_message.tenant_id AND m.id = v_message.id;
                CONTINUE;
            END IF;
        END IF;

        UPDATE messages m
        SET status = 'sending', granted_sender = NULL,
            attempts = CASE WHEN m.channel IS DISTINCT FROM v_channel THEN 1 ELSE m.attempts + 1 END,
            next_attempt_at = NULL, channel = v_channel,
            address = CASE v_channel WHEN 'email' THEN v_message.email ELSE v_message.phone END, delivery = NULL, delivery_id = NULL, rate_granted = true,
            lease_id = p_lease_id, lease_expires_at = p_lease_until
        WHERE m.tenant_id = v_message.tenant_id AND m.id = v_message.id;
        IF v_message.kind IN ('offer', 'offer_reminder') THEN
            INSERT INTO offer_tokens (tenant_id, offer_id, token_hash, lease_id)
            VALUES (v_message.tenant_id, v_message.offer_id, v_message.token_hash, p_lease_id);
        ELSIF v_message.kind = 'verify_code' THEN
            UPDATE verifications x SET code_hash = v_message.code_hash
            WHERE x.tenant_id = v_message.tenant_id AND x.id = v_message.id;
        END IF;

        tenant_id := v_message.tenant_id; id := v_message.id; kind := v_message.kind; channel := v_channel;
        attempt := CASE WHEN v_message.channel IS DISTINCT FROM v_channel THEN 1 ELSE v_message.attempts + 1 END;
        resends := v_message.resends;
        customer_id := v_message.customer_id; customer_name := v_message.customer_name;
        phone := v_message.phone; email := v_message.email;
        salon_name := v_message.salon_name; timezone := v_message.timezone; locale := v_message.locale;
        currency := v_message.currency; service_name := v_message.service_name;
        duration_minutes := v_message.duration_minutes; price := v_message.price; staff_name := v_message.staff_name;
        starts_at := v_message.starts_at; ends_at := v_message.ends_at; window_seconds := v_message.window_seconds;
        expires_at := coalesce(v_message.offer_expires_at, v_message.code_expires_at);
        sender_version := v_version; more_channels := v_open > 1; own_texts := v_message.own_texts;
        offer_id := v_message.offer_id; booking_id := v_message.booking_id; details := v_message.details; hears := v_hears;
        in_conversation := v_channel = 'whatsapp'
                           AND coalesce(v_message.wrote_whatsapp_at > p_now - interval '24 hours', false);
        booking_sequence := v_message.booking_sequence;
        booking_status := v_message.booking_status; booking_changed_at := v_message.booking_changed_at;
        RETURN NEXT;
    END LOOP;
END $$;
