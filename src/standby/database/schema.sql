-- Written by `make schema` from the migrations: what pg_dump says, for reading and comparing.
-- PostgreSQL database dump
SELECT pg_catalog.set_config('search_path', '', false);

-- standby; Type: SCHEMA
CREATE SCHEMA standby;

-- pgqueuer_status; Type: TYPE
CREATE TYPE standby.pgqueuer_status AS ENUM (
    'queued',
    'picked',
    'successful',
    'exception',
    'canceled',
    'deleted',
    'failed'
);

-- uuid_range; Type: TYPE
CREATE TYPE standby.uuid_range AS RANGE (
    subtype = uuid,
    multirange_type_name = standby.uuid_multirange
);

-- announce_change(); Type: FUNCTION
CREATE FUNCTION standby.announce_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_told integer := coalesce(nullif(current_setting('standby.told', true), ''), '0');
BEGIN
    IF v_told >= 50 THEN
        PERFORM pg_notify('standby_changes', new.tenant_id || ' reload');
        RETURN NULL;
    END IF;
    PERFORM set_config('standby.told', (v_told + 1)::text, true);
    IF TG_TABLE_NAME = 'history' THEN
        PERFORM pg_notify('standby_changes', concat_ws(
            ' ', new.tenant_id, new.entity || '.' || coalesce(new.to_state, 'changed'), new.entity_id, to_json(now()) #>> '{}'));
    ELSIF TG_TABLE_NAME = 'messages' THEN
        PERFORM pg_notify('standby_changes', concat_ws(
            ' ', new.tenant_id, 'message.' || CASE new.status WHEN 'sent' THEN coalesce(new.delivery, 'sent') ELSE new.status END,
            new.id, to_json(now()) #>> '{}'));
    ELSE
        PERFORM pg_notify('standby_changes', concat_ws(' ', new.tenant_id, TG_ARGV[0], new.id, to_json(now()) #>> '{}'));
    END IF;
    RETURN NULL;
END $$;

-- announce_closure(); Type: FUNCTION
CREATE FUNCTION standby.announce_closure() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_closure record := CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END;
BEGIN
    PERFORM pg_notify('standby_changes', concat_ws(
        ' ', v_closure.tenant_id, 'closure.changed', v_closure.id, to_json(now()) #>> '{}'));
    RETURN NULL;
END $$;

-- announce_deadline(timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.announce_deadline(p_at timestamp with time zone, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    IF p_at < p_now + interval '2 seconds' THEN
        PERFORM pg_notify('standby_deadline', '');
    END IF;
END $$;
ALTER FUNCTION standby.announce_deadline(p_at timestamp with time zone, p_now timestamp with time zone) OWNER TO standby_system;

-- ask_letter(uuid, text, text, text, jsonb, interval, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb, p_lifetime interval, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO letters (id, kind, email, locale, details, lifetime, created_at, next_attempt_at)
    VALUES (p_id, p_kind, p_email, p_locale, p_details, p_lifetime, p_now, p_now);
    PERFORM announce_deadline(p_now, p_now);
END $$;
ALTER FUNCTION standby.ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb, p_lifetime interval, p_now timestamp with time zone) OWNER TO standby_system;

-- audit_change(); Type: FUNCTION
CREATE FUNCTION standby.audit_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    k_ours CONSTANT text[] := ARRAY['tenant_id', 'changed_at', 'changed_by', 'actor', 'sequence', 'remind_at', 'reminder_number',
        'reminders_since', 'reminders_pass', 'reminders_marked', 'staff_wish', 'tier', 'override_rank', 'heard_at', 'route',
        'version', 'place', 'read_at', 'next_read_at', 'failures', 'failing_since', 'rest_until', 'last_used_at', 'wrote_whatsapp_at'];
    k_secret CONSTANT text[] := ARRAY['secrets', 'token_hash', 'key_hash'];
    v_author jsonb := current_setting('standby.author')::jsonb;
    v_old jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(old) - k_ours END;
    v_new jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(new) - k_ours END;
    v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
    v_before jsonb;
    v_after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(key, CASE WHEN key = ANY (k_secret) THEN '"as it was"' ELSE value END),
               jsonb_object_agg(key, CASE WHEN key = ANY (k_secret) THEN '"changed"' ELSE v_new -> key END)
        INTO v_before, v_after
        FROM jsonb_each(v_old) WHERE value IS DISTINCT FROM v_new -> key;
        IF v_before IS NULL THEN
            RETURN NULL;
        END IF;
    ELSE
        v_before := jsonb_strip_nulls(v_old - k_secret);
        v_after := jsonb_strip_nulls(v_new - k_secret);
    END IF;
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, entity_id, before, after)
    VALUES (
        CASE WHEN TG_TABLE_NAME = 'tenants' THEN v_row ->> 'id' ELSE v_row ->> 'tenant_id' END::uuid,
        (v_author ->> 'at')::timestamptz, v_author ->> 'actor', (v_author ->> 'address')::inet, v_author ->> 'request_id',
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'delete' END,
        TG_ARGV[0], (v_row ->> TG_ARGV[1])::uuid, v_before, v_after);
    RETURN NULL;
END $$;
ALTER FUNCTION standby.audit_change() OWNER TO standby_system;

-- broken_invariants(timestamp with time zone, interval); Type: FUNCTION
CREATE FUNCTION standby.broken_invariants(p_now timestamp with time zone, p_late interval) RETURNS TABLE(invariant text, tenant_id uuid, id uuid, details text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT 'one booking per slot', s.tenant_id, s.id, format('%s bookings', count(b.id))
    FROM slots s LEFT JOIN bookings b ON b.tenant_id = s.tenant_id AND b.slot_id = s.id AND b.status <> 'cancelled'
    WHERE s.status = 'booked' AND s.ends_at > p_now GROUP BY s.tenant_id, s.id HAVING count(b.id) <> 1
    UNION ALL
    SELECT 'a confirmed booking has a booked slot', b.tenant_id, b.id, s.status
    FROM bookings b JOIN slots s ON s.tenant_id = b.tenant_id AND s.id = b.slot_id
    WHERE b.status = 'confirmed' AND s.status <> 'booked'
    UNION ALL
    SELECT 'a held slot has an open offer', s.tenant_id, s.id, 'none'
    FROM slots s
    WHERE s.status = 'held' AND NOT EXISTS (SELECT FROM offers o WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id
                                                                   AND o.status = 'pending')
    UNION ALL
    SELECT 'an open offer holds its slot', o.tenant_id, o.id, s.status
    FROM offers o JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
    WHERE o.status = 'pending' AND s.status <> 'held'
    UNION ALL
    SELECT 'a notified entry has an open offer', e.tenant_id, e.id, 'none'
    FROM waitlist_entries e
    WHERE e.status = 'notified' AND NOT EXISTS (SELECT FROM offers o WHERE o.tenant_id = e.tenant_id
                                                                       AND o.entry_id = e.id AND o.status = 'pending')
    UNION ALL
    SELECT 'an open offer belongs to a notified entry', o.tenant_id, o.id, e.status
    FROM offers o JOIN waitlist_entries e ON e.tenant_id = o.tenant_id AND e.id = o.entry_id
    WHERE o.status = 'pending' AND e.status <> 'notified'
    UNION ALL
    SELECT 'an offer has a message', o.tenant_id, o.id, 'none'
    FROM offers o
    WHERE NOT EXISTS (SELECT FROM messages m WHERE m.tenant_id = o.tenant_id AND m.offer_id = o.id AND m.kind = 'offer')
    UNION ALL
    SELECT 'an offer ends when its time is over', o.tenant_id, o.id, format('expired at %s', o.expires_at)
    FROM offers o WHERE o.status = 'pending' AND o.expires_at < p_now - p_late
    UNION ALL
    SELECT 'a cooldown ends', e.tenant_id, e.id, format('until %s', e.cooldown_until)
    FROM waitlist_entries e WHERE e.status = 'cooldown' AND e.cooldown_until < p_now - p_late
    UNION ALL
    SELECT 'a message is looked after', m.tenant_id, m.id, format('%s since %s', m.status,
                                                                coalesce(m.next_attempt_at, m.lease_expires_at))
    FROM messages m
    WHERE m.status IN ('queued', 'sending') AND coalesce(m.next_attempt_at, m.lease_expires_at) < p_now - p_late
    UNION ALL
    SELECT 'a linked calendar is read', l.tenant_id, l.id, format('due since %s', l.next_read_at)
    FROM calendar_links l WHERE l.next_read_at < p_now - p_late
    UNION ALL
    SELECT 'a booking is written to its calendar', e.tenant_id, e.id, format('due since %s', e.next_attempt_at)
    FROM calendar_events e WHERE e.next_attempt_at < p_now - p_late
    UNION ALL
    SELECT 'an event is sent to its webhook', d.tenant_id, d.id, format('due since %s', d.look_at)
    FROM webhook_deliveries d WHERE d.look_at < p_now - p_late
    UNION ALL
    SELECT 'no message is sent twice unless one was uncertain or did not arrive', m.tenant_id, m.id,
           format('%s sends', count(*) FILTER (WHERE v.event = 'sent'))
    FROM messages m
    JOIN message_events v ON v.tenant_id = m.tenant_id AND v.message_id = m.id AND v.event IN ('sent', 'undelivered')
    GROUP BY m.tenant_id, m.id, m.resends
    HAVING count(*) FILTER (WHERE v.event = 'sent') > 1 + m.resends + count(*) FILTER (WHERE v.event = 'undelivered')
    UNION ALL
    SELECT 'nobody is booked twice at one time by one staff member', one.tenant_id, one.id, other.id::text
    FROM bookings one JOIN bookings other
      ON other.tenant_id = one.tenant_id AND other.staff_id = one.staff_id AND other.id > one.id
     AND other.starts_at < one.ends_at AND other.ends_at > one.starts_at
    WHERE one.status = 'confirmed' AND other.status = 'confirmed' AND one.ends_at > p_now
$$;
ALTER FUNCTION standby.broken_invariants(p_now timestamp with time zone, p_late interval) OWNER TO standby_system;

-- callback_senders(text, text[], uuid); Type: FUNCTION
CREATE FUNCTION standby.callback_senders(p_provider text, p_routes text[], p_tenant uuid) RETURNS TABLE(tenant_id uuid, channel text, address text, options jsonb, secrets bytea, route text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT s.tenant_id, s.channel, s.address, s.options, s.secrets, s.route
    FROM senders s
    WHERE s.provider = p_provider AND s.route = ANY (p_routes) AND (p_tenant IS NULL OR s.tenant_id = p_tenant)
    ORDER BY s.tenant_id, s.channel
$$;
ALTER FUNCTION standby.callback_senders(p_provider text, p_routes text[], p_tenant uuid) OWNER TO standby_system;

-- claim_letter(uuid, bytea, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.claim_letter(p_id uuid, p_token_hash bytea, p_now timestamp with time zone) RETURNS TABLE(kind text, email text, locale text, details jsonb, salon text, known boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_letter letters;
    v_known boolean;
BEGIN
    UPDATE letters l
    SET token_hash = p_token_hash, ends_at = p_now + l.lifetime, attempts = l.attempts + 1,
        lease_until = p_now + interval '1 minute'
    WHERE l.id = p_id AND l.next_attempt_at IS NOT NULL AND coalesce(l.lease_until, '-infinity') <= p_now
    RETURNING l.* INTO v_letter;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_known := EXISTS (SELECT FROM users u WHERE lower(u.email) = lower(v_letter.email));
    IF v_letter.kind = 'reset' AND NOT v_known OR v_letter.kind = 'email' AND v_known THEN
        UPDATE letters l SET next_attempt_at = NULL, lease_until = NULL, used_at = p_now WHERE l.id = p_id;
        RETURN;
    END IF;
    RETURN QUERY SELECT v_letter.kind, v_letter.email, v_letter.locale, v_letter.details,
        coalesce((SELECT t.name FROM tenants t WHERE t.id = (v_letter.details ->> 'tenant')::uuid),
                 v_letter.details ->> 'salon'), v_known;
END $$;
ALTER FUNCTION standby.claim_letter(p_id uuid, p_token_hash bytea, p_now timestamp with time zone) OWNER TO standby_system;

-- claim_messages(uuid[], uuid[], bytea[], uuid, timestamp with time zone, timestamp with time zone, text[], bytea[], text[]); Type: FUNCTION
CREATE FUNCTION standby.claim_messages(p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamp with time zone, p_now timestamp with time zone, p_channels text[], p_code_hashes bytea[] DEFAULT '{}'::bytea[], p_kinds text[] DEFAULT '{}'::text[]) RETURNS TABLE(tenant_id uuid, id uuid, kind text, channel text, attempt integer, resends integer, customer_id uuid, customer_name text, phone text, email text, salon_name text, timezone text, locale text, currency text, service_name text, duration_minutes integer, price numeric, staff_name text, starts_at timestamp with time zone, ends_at timestamp with time zone, window_seconds integer, expires_at timestamp with time zone, sender_version uuid, more_channels boolean, offer_id uuid, booking_id uuid, details jsonb, hears boolean, in_conversation boolean, own_texts jsonb, booking_sequence integer, booking_status text, booking_changed_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET join_collapse_limit TO '1'
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
ALTER FUNCTION standby.claim_messages(p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamp with time zone, p_now timestamp with time zone, p_channels text[], p_code_hashes bytea[], p_kinds text[]) OWNER TO standby_system;

-- close_due_slots(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.close_due_slots(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM slots
        WHERE status = 'open' AND starts_at <= p_now ORDER BY starts_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), closed AS (
        UPDATE slots s
        SET status = 'cancelled', fill_at = NULL, reason = 'start_passed', actor = 'timer', changed_at = p_now
        FROM due WHERE s.tenant_id = due.tenant_id AND s.id = due.id
        RETURNING s.id
    )
    SELECT count(*), 0::bigint FROM closed;
END $$;
ALTER FUNCTION standby.close_due_slots(p_now timestamp with time zone) OWNER TO standby_system;

-- close_letters(text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.close_letters(p_kind text, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE letters SET used_at = p_now, next_attempt_at = NULL
    WHERE kind = p_kind AND used_at IS NULL AND email = (SELECT u.email FROM users u WHERE u.id = current_account());
    UPDATE letters SET used_at = p_now, next_attempt_at = NULL
    WHERE kind = 'email' AND p_kind = 'email' AND used_at IS NULL AND details ->> 'account' = current_account()::text;
$$;
ALTER FUNCTION standby.close_letters(p_kind text, p_now timestamp with time zone) OWNER TO standby_system;

-- count_deadlines(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.count_deadlines(p_now timestamp with time zone) RETURNS TABLE(timer text, due bigint, coming bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT 'expire_due_offers', count(*) FILTER (WHERE expires_at <= p_now), count(*) FILTER (WHERE expires_at > p_now)
    FROM offers WHERE status = 'pending'
    UNION ALL
    SELECT 'remind_due_offers', count(*) FILTER (WHERE remind_at <= p_now), count(*) FILTER (WHERE remind_at > p_now)
    FROM offers WHERE remind_at IS NOT NULL
    UNION ALL
    SELECT 'end_due_cooldowns', count(*) FILTER (WHERE cooldown_until <= p_now),
           count(*) FILTER (WHERE cooldown_until > p_now)
    FROM waitlist_entries WHERE status = 'cooldown'
    UNION ALL
    SELECT 'start_due_fills', count(*) FILTER (WHERE fill_at <= p_now), count(*) FILTER (WHERE fill_at > p_now)
    FROM slots WHERE fill_at IS NOT NULL
    UNION ALL
    SELECT 'wake_due_messages', count(*) FILTER (WHERE next_attempt_at <= p_now),
           count(*) FILTER (WHERE next_attempt_at > p_now)
    FROM messages WHERE status = 'queued'
    UNION ALL
    SELECT 'remind_due_bookings', count(*) FILTER (WHERE remind_at <= p_now), count(*) FILTER (WHERE remind_at > p_now)
    FROM bookings WHERE remind_at IS NOT NULL
    UNION ALL
    SELECT 'read_due_calendars', count(*) FILTER (WHERE next_read_at <= p_now), count(*) FILTER (WHERE next_read_at > p_now)
    FROM calendar_links WHERE next_read_at IS NOT NULL
    UNION ALL
    SELECT 'write_due_events', count(*) FILTER (WHERE next_attempt_at <= p_now),
           count(*) FILTER (WHERE next_attempt_at > p_now)
    FROM calendar_events WHERE next_attempt_at IS NOT NULL
    UNION ALL
    SELECT 'set_marked_reminders', count(*) FILTER (WHERE reminders_marked <= p_now),
           count(*) FILTER (WHERE reminders_marked > p_now)
    FROM policies WHERE reminders_marked IS NOT NULL
$$;
ALTER FUNCTION standby.count_deadlines(p_now timestamp with time zone) OWNER TO standby_system;

-- count_provider_pauses(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.count_provider_pauses(p_now timestamp with time zone) RETURNS TABLE(provider text, channel text, senders bigint, paused bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT coalesce(s.provider, 'installation'), coalesce(s.channel, p.channel), count(s.channel), count(p.channel)
    FROM senders s
    FULL JOIN (SELECT * FROM channel_pauses WHERE paused_until > p_now) p
        ON p.tenant_id = s.tenant_id AND p.channel = s.channel
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
ALTER FUNCTION standby.count_provider_pauses(p_now timestamp with time zone) OWNER TO standby_system;

-- count_settled(uuid, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.count_settled(p_message uuid, p_provider text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    PERFORM count_usage(ARRAY[current_tenant()], ARRAY[p_message], ARRAY['sent'], ARRAY[p_provider], ARRAY[1], ARRAY[p_at]);
END $$;
ALTER FUNCTION standby.count_settled(p_message uuid, p_provider text, p_at timestamp with time zone) OWNER TO standby_system;

-- count_story(timestamp with time zone, double precision[], double precision[]); Type: FUNCTION
CREATE FUNCTION standby.count_story(p_until timestamp with time zone, p_quick double precision[], p_slow double precision[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_bitmapscan TO 'on'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
DECLARE
    v_from timestamptz;
    v_until timestamptz;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('standby story')) THEN
        RETURN;
    END IF;
    SELECT until INTO v_from FROM story_counted;
    IF NOT FOUND THEN
        INSERT INTO story_counted (until) VALUES (p_until);
        RETURN;
    END IF;
    v_until := least(p_until, v_from + interval '10 minutes');
    IF v_until <= v_from THEN
        RETURN;
    END IF;
    WITH seen AS MATERIALIZED (
        SELECT 'offers' AS metric, ARRAY[h.to_state] AS labels, NULL::double precision AS seconds
        FROM history h
        WHERE h.at >= v_from AND h.at < v_until AND h.entity = 'offer' AND h.to_state <> 'pending'
        UNION ALL
        SELECT 'fill', '{}', extract(epoch FROM h.at - s.created_at)
        FROM history h
        JOIN slots s ON s.tenant_id = h.tenant_id AND s.id = h.entity_id
        WHERE h.at >= v_from AND h.at < v_until AND h.entity = 'slot' AND h.from_state = 'held' AND h.to_state = 'booked'
        UNION ALL
        SELECT 'sends', ARRAY[coalesce(e.channel, ''), coalesce(m.provider, ''), e.event], NULL
        FROM message_events e
        JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id
        WHERE e.at >= v_from AND e.at < v_until AND e.event NOT IN ('deferred', 'dropped')
        UNION ALL
        SELECT 'deferrals', ARRAY[CASE
            WHEN e.details = 'the salon''s rate is used up' THEN 'rate_limited'
            WHEN e.details LIKE 'it is not its turn%' THEN 'sender_busy'
            WHEN e.details = 'the salon''s quiet hours' THEN 'quiet_hours'
            ELSE 'channel_paused' END], NULL
        FROM message_events e
        WHERE e.at >= v_from AND e.at < v_until AND e.event = 'deferred'
        UNION ALL
        SELECT 'first_message', '{}', extract(epoch FROM e.at - s.created_at)
        FROM message_events e
        JOIN messages m ON m.tenant_id = e.tenant_id AND m.id = e.message_id AND m.kind = 'offer'
        JOIN offers o ON o.tenant_id = m.tenant_id AND o.id = m.offer_id
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
        WHERE e.at >= v_from AND e.at < v_until AND e.event = 'sent'
          AND NOT EXISTS (SELECT FROM offers earlier
                          WHERE earlier.tenant_id = o.tenant_id AND earlier.slot_id = o.slot_id
                            AND earlier.offered_at < o.offered_at)
    ), classed AS MATERIALIZED (
        SELECT metric, labels, coalesce(sum(seconds), 0) AS seconds, count(*) AS amount,
               width_bucket(seconds, CASE metric WHEN 'fill' THEN p_slow ELSE p_quick END) AS class
        FROM seen GROUP BY metric, labels, class
    )
    INSERT INTO story_totals AS t (metric, labels, amount, seconds, counts)
    SELECT c.metric, c.labels, sum(c.amount), sum(c.seconds), ARRAY(
        SELECT coalesce(sum(one.amount) FILTER (WHERE one.class = k), 0)::bigint
        FROM generate_series(0, cardinality(CASE c.metric WHEN 'fill' THEN p_slow ELSE p_quick END)) AS k
        LEFT JOIN classed one ON one.metric = c.metric AND one.labels = c.labels
        GROUP BY k ORDER BY k)
    FROM classed c GROUP BY c.metric, c.labels
    ON CONFLICT (metric, labels) DO UPDATE
    SET amount = t.amount + excluded.amount, seconds = t.seconds + excluded.seconds,
        counts = ARRAY(SELECT mine + theirs FROM unnest(t.counts, excluded.counts) AS sums (mine, theirs));
    UPDATE story_counted SET until = v_until;
END $$;
ALTER FUNCTION standby.count_story(p_until timestamp with time zone, p_quick double precision[], p_slow double precision[]) OWNER TO standby_system;

-- count_usage(uuid[], uuid[], text[], text[], integer[], timestamp with time zone[]); Type: FUNCTION
CREATE FUNCTION standby.count_usage(p_tenants uuid[], p_ids uuid[], p_outcomes text[], p_providers text[], p_segments integer[], p_at timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO usage AS u (tenant_id, month, channel, provider, currency, messages, segments, cost)
    SELECT m.tenant_id, date_trunc('month', r.at AT TIME ZONE t.timezone)::date, m.channel, coalesce(r.provider, ''),
           coalesce(q.currency, t.currency), count(*), sum(r.segments), sum(r.segments * coalesce(q.unit_cost, 0))
    FROM unnest(p_tenants, p_ids, p_outcomes, p_providers, p_segments, p_at)
         AS r (tenant_id, id, outcome, provider, segments, at)
    JOIN messages m ON m.tenant_id = r.tenant_id AND m.id = r.id
    JOIN tenants t ON t.id = m.tenant_id
    LEFT JOIN quotas q ON q.tenant_id = m.tenant_id AND q.channel = m.channel
    WHERE r.outcome = 'sent'
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (tenant_id, month, channel, provider, currency) DO UPDATE
    SET messages = u.messages + excluded.messages, segments = u.segments + excluded.segments, cost = u.cost + excluded.cost;
END $$;
ALTER FUNCTION standby.count_usage(p_tenants uuid[], p_ids uuid[], p_outcomes text[], p_providers text[], p_segments integer[], p_at timestamp with time zone[]) OWNER TO standby_system;

-- count_visits(); Type: FUNCTION
CREATE FUNCTION standby.count_visits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT tenant_id, customer_id FROM made WHERE status IN ('confirmed', 'completed')) AS whose;
    ELSE
        PERFORM enqueue_for(tenant_id, 'waitlist.preference', customer_id, 0)
        FROM (SELECT DISTINCT tenant_id, customer_id
              FROM (SELECT tenant_id, id, customer_id, service_id, staff_id, starts_at, status IN ('confirmed', 'completed')
                    FROM made
                    EXCEPT
                    SELECT tenant_id, id, customer_id, service_id, staff_id, starts_at, status IN ('confirmed', 'completed')
                    FROM before) AS changed
             ) AS whose;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION standby.count_visits() OWNER TO standby_system;

-- current_account(); Type: FUNCTION
CREATE FUNCTION standby.current_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('standby.account', true), '')::uuid $$;

-- current_tenant(); Type: FUNCTION
CREATE FUNCTION standby.current_tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('standby.tenant', true), '')::uuid $$;

-- defer_message(uuid, uuid, uuid, timestamp with time zone, timestamp with time zone, text, text); Type: FUNCTION
CREATE FUNCTION standby.defer_message(p_tenant uuid, p_id uuid, p_offer uuid, p_until timestamp with time zone, p_now timestamp with time zone, p_reason text, p_details text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    UPDATE messages SET not_before = p_until, next_attempt_at = p_until, reason = p_reason
    WHERE tenant_id = p_tenant AND id = p_id;
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    VALUES (p_tenant, p_id, 'deferred', p_details, p_now);
    PERFORM announce_deadline(p_until, p_now);
    IF p_offer IS NOT NULL THEN
        PERFORM set_offer_clock(p_tenant, p_offer, p_until, NULL);
    END IF;
END $$;
ALTER FUNCTION standby.defer_message(p_tenant uuid, p_id uuid, p_offer uuid, p_until timestamp with time zone, p_now timestamp with time zone, p_reason text, p_details text) OWNER TO standby_system;

-- delete_account(jsonb); Type: FUNCTION
CREATE FUNCTION standby.delete_account(p_author jsonb) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_salons text[];
BEGIN
    PERFORM FROM memberships m
    WHERE m.role = 'owner' AND m.tenant_id IN (
        SELECT mine.tenant_id FROM memberships mine WHERE mine.user_id = current_account() AND mine.role = 'owner')
    ORDER BY m.tenant_id, m.user_id FOR UPDATE;
    SELECT array_agg(t.name ORDER BY t.name) INTO v_salons
    FROM memberships m JOIN tenants t ON t.id = m.tenant_id
    WHERE m.user_id = current_account() AND m.role = 'owner' AND NOT EXISTS (
        SELECT FROM memberships other
        WHERE other.tenant_id = m.tenant_id AND other.role = 'owner' AND other.user_id <> m.user_id);
    IF v_salons IS NOT NULL THEN
        RETURN QUERY SELECT unnest(v_salons);
        RETURN;
    END IF;
    PERFORM set_config('standby.author', p_author::text, true);
    DELETE FROM letters WHERE email = (SELECT u.email FROM users u WHERE u.id = current_account());
    DELETE FROM letters WHERE kind = 'email' AND used_at IS NULL AND details ->> 'account' = current_account()::text;
    DELETE FROM memberships WHERE user_id = current_account();
    DELETE FROM users WHERE id = current_account();
END $$;
ALTER FUNCTION standby.delete_account(p_author jsonb) OWNER TO standby_system;

-- due_messages_in_turn(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.due_messages_in_turn(p_now timestamp with time zone) RETURNS TABLE(tenant_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
    WITH RECURSIVE salon (tenant_id) AS (
        (SELECT m.tenant_id FROM messages m WHERE m.next_attempt_at IS NOT NULL ORDER BY m.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT m.tenant_id FROM messages m
                WHERE m.next_attempt_at IS NOT NULL AND m.tenant_id > salon.tenant_id ORDER BY m.tenant_id LIMIT 1)
        FROM salon WHERE salon.tenant_id IS NOT NULL
    )
    SELECT salon.tenant_id, due.id
    FROM salon
    CROSS JOIN LATERAL (
        SELECT m.id, m.next_attempt_at,
               row_number() OVER (ORDER BY m.next_attempt_at, m.created_at, m.id) AS turn
        FROM messages m
        WHERE m.tenant_id = salon.tenant_id AND m.next_attempt_at <= p_now
        ORDER BY m.next_attempt_at, m.created_at, m.id LIMIT 50
    ) AS due
    ORDER BY due.turn, due.next_attempt_at
    LIMIT 200
$$;
ALTER FUNCTION standby.due_messages_in_turn(p_now timestamp with time zone) OWNER TO standby_system;

-- end_due_cooldowns(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.end_due_cooldowns(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM waitlist_entries
        WHERE status = 'cooldown' AND cooldown_until <= p_now
        ORDER BY cooldown_until LIMIT 200 FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE waitlist_entries e
        SET status = 'waiting', cooldown_until = NULL, reason = 'cooldown_over', actor = 'timer', changed_at = p_now
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.tenant_id, e.id
    )
    SELECT count(*), coalesce(sum(enqueue_fills_for_entry(tenant_id, id, p_now)), 0)::bigint FROM woken;
END $$;
ALTER FUNCTION standby.end_due_cooldowns(p_now timestamp with time zone) OWNER TO standby_system;

-- end_letter(uuid, text, boolean); Type: FUNCTION
CREATE FUNCTION standby.end_letter(p_id uuid, p_failure text, p_again boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE letters
    SET failure = p_failure, lease_until = NULL,
        next_attempt_at = CASE WHEN p_again AND attempts < 8 THEN next_attempt_at END
    WHERE id = p_id
$$;
ALTER FUNCTION standby.end_letter(p_id uuid, p_failure text, p_again boolean) OWNER TO standby_system;

-- end_webhook(uuid, text, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    UPDATE webhook_endpoints SET active = false, disabled_reason = p_reason
    WHERE tenant_id = current_tenant() AND id = p_endpoint AND active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE webhook_deliveries SET status = 'dropped', next_attempt_at = NULL, look_at = NULL, lease_until = NULL
    WHERE tenant_id = current_tenant() AND endpoint_id = p_endpoint AND status = 'pending';
    PERFORM tell_salon(current_tenant(), 'webhook_ended', format('webhook_ended:%s:%s', p_endpoint, p_now),
                       jsonb_build_object('webhook_id', p_endpoint, 'reason', p_reason, 'error', p_error), p_now);
END $$;
ALTER FUNCTION standby.end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamp with time zone) OWNER TO standby_system;

-- enqueue(text, uuid, integer); Type: FUNCTION
CREATE FUNCTION standby.enqueue(p_entrypoint text, p_id uuid, p_priority integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    PERFORM enqueue_for(current_tenant(), p_entrypoint, p_id, p_priority);
END $$;
ALTER FUNCTION standby.enqueue(p_entrypoint text, p_id uuid, p_priority integer) OWNER TO standby_system;

-- enqueue_fills_for_entry(uuid, uuid, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.enqueue_fills_for_entry(p_tenant uuid, p_entry uuid, p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    WITH suiting AS (
        SELECT s.tenant_id, s.id
        FROM waitlist_entries e
        JOIN slots s ON s.tenant_id = e.tenant_id AND s.service_id = e.service_id AND s.status = 'open'
                    AND s.starts_at > p_now AND s.starts_at >= e.earliest AND s.ends_at <= e.latest
                    AND (e.staff_id IS NULL OR e.staff_id = s.staff_id) AND s.fill_at IS NULL
        WHERE e.tenant_id = p_tenant AND e.id = p_entry AND e.status = 'waiting'
        ORDER BY s.starts_at
        LIMIT 50
    )
    SELECT count(enqueue_for(tenant_id, 'waitlist.fill', id, 3))::integer FROM suiting
$$;
ALTER FUNCTION standby.enqueue_fills_for_entry(p_tenant uuid, p_entry uuid, p_now timestamp with time zone) OWNER TO standby_system;

-- enqueue_for(uuid, text, uuid, integer, text); Type: FUNCTION
CREATE FUNCTION standby.enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer, p_once text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_origin jsonb := nullif(current_setting('standby.origin', true), '')::jsonb;
BEGIN
    IF p_tenant IS NULL OR p_id IS NULL THEN
        RAISE EXCEPTION 'a % job needs a tenant and an id', p_entrypoint;
    END IF;
    IF p_entrypoint = 'waitlist.fill' THEN
        v_origin := coalesce((SELECT s.origin FROM slots s WHERE s.tenant_id = p_tenant AND s.id = p_id), v_origin);
    END IF;
    INSERT INTO pgqueuer (priority, entrypoint, payload, status, dedupe_key, headers)
    VALUES (p_priority, p_entrypoint,
            convert_to(format('{"tenant": "%s", "id": "%s"}', p_tenant, p_id), 'UTF8'), 'queued', p_once, v_origin)
    ON CONFLICT DO NOTHING;
END $$;
ALTER FUNCTION standby.enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer, p_once text) OWNER TO standby_system;

-- enqueue_send(uuid, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.enqueue_send(p_id uuid, p_created_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    PERFORM enqueue_for(current_tenant(), 'message.send', p_id,
                        send_priority(current_tenant(), p_id, p_created_at, 10));
END $$;
ALTER FUNCTION standby.enqueue_send(p_id uuid, p_created_at timestamp with time zone) OWNER TO standby_system;

-- enter_account_named(text); Type: FUNCTION
CREATE FUNCTION standby.enter_account_named(p_email text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$ SELECT set_config('standby.account', id::text, true)::uuid FROM users WHERE lower(email) = lower(p_email) $$;
ALTER FUNCTION standby.enter_account_named(p_email text) OWNER TO standby_system;

-- enter_account_of_refresh(bytea); Type: FUNCTION
CREATE FUNCTION standby.enter_account_of_refresh(p_token_hash bytea) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT set_config('standby.account', user_id::text, true)::uuid FROM refresh_tokens WHERE token_hash = p_token_hash
$$;
ALTER FUNCTION standby.enter_account_of_refresh(p_token_hash bytea) OWNER TO standby_system;

-- enter_tenant_named(text); Type: FUNCTION
CREATE FUNCTION standby.enter_tenant_named(p_slug text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ SELECT set_config('standby.tenant', id::text, true)::uuid FROM tenants WHERE slug = p_slug $$;
ALTER FUNCTION standby.enter_tenant_named(p_slug text) OWNER TO standby_system;

-- enter_tenant_of_feed(bytea); Type: FUNCTION
CREATE FUNCTION standby.enter_tenant_of_feed(p_token_hash bytea) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_feed record;
BEGIN
    SELECT f.tenant_id, f.id INTO v_feed FROM calendar_feeds f WHERE f.token_hash = p_token_hash;
    IF FOUND THEN
        PERFORM set_config('standby.tenant', v_feed.tenant_id::text, true);
    END IF;
    RETURN v_feed.id;
END $$;
ALTER FUNCTION standby.enter_tenant_of_feed(p_token_hash bytea) OWNER TO standby_system;

-- enter_tenant_of_offer(bytea); Type: FUNCTION
CREATE FUNCTION standby.enter_tenant_of_offer(p_token_hash bytea) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_offer record;
BEGIN
    SELECT t.tenant_id, t.offer_id INTO v_offer FROM offer_tokens t WHERE t.token_hash = p_token_hash;
    IF FOUND THEN
        PERFORM set_config('standby.tenant', v_offer.tenant_id::text, true);
    END IF;
    RETURN v_offer.offer_id;
END $$;
ALTER FUNCTION standby.enter_tenant_of_offer(p_token_hash bytea) OWNER TO standby_system;

-- enter_tenant_of_request(bytea); Type: FUNCTION
CREATE FUNCTION standby.enter_tenant_of_request(p_state_hash bytea) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT set_config('standby.tenant', tenant_id::text, true)::uuid FROM calendar_requests WHERE state_hash = p_state_hash
$$;
ALTER FUNCTION standby.enter_tenant_of_request(p_state_hash bytea) OWNER TO standby_system;

-- erase_customer(uuid, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.erase_customer(p_customer uuid, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_tenant uuid := current_tenant();
    v_author text := current_setting('standby.author', true);
    v_known customers;
    v_addresses text[];
    v_theirs uuid[];
    v_words text[];
BEGIN
    -- What is taken out must not be written down once more.
    PERFORM set_config('standby.author', '', true);
    WITH dropped AS (
        UPDATE messages SET status = 'dropped', next_attempt_at = NULL, reason = 'customer_erased'
        WHERE tenant_id = v_tenant AND customer_id = p_customer AND status = 'queued'
        RETURNING id
    )
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    SELECT v_tenant, id, 'dropped', '', p_now FROM dropped;
    UPDATE messages SET address = NULL WHERE tenant_id = v_tenant AND customer_id = p_customer AND address IS NOT NULL;
    UPDATE messages SET details = details - 'text' WHERE tenant_id = v_tenant AND customer_id = p_customer AND details ? 'text';
    UPDATE message_events e SET details = '' FROM messages m
    WHERE m.tenant_id = v_tenant AND m.customer_id = p_customer AND e.tenant_id = v_tenant AND e.message_id = m.id
      AND e.details <> '';
    -- Codes went to the number, whoever's it was.
    SELECT * INTO v_known FROM customers WHERE tenant_id = v_tenant AND id = p_customer;
    UPDATE message_events e SET details = '' FROM messages m
    WHERE m.tenant_id = v_tenant AND m.customer_id IS NULL AND m.address = v_known.phone AND e.tenant_id = v_tenant
      AND e.message_id = m.id AND e.details <> '';
    UPDATE messages SET address = NULL WHERE tenant_id = v_tenant AND customer_id IS NULL AND address = v_known.phone;
    DELETE FROM verifications WHERE tenant_id = v_tenant AND phone = v_known.phone;
    -- Why something ended, somebody wrote who may have named them: of their bookings, their offers and their places in line,
    -- and of the slots that were free again for it.
    WITH theirs AS (
        SELECT b.id, b.reason FROM bookings b WHERE b.tenant_id = v_tenant AND b.customer_id = p_customer
        UNION ALL
        SELECT o.id, CASE WHEN o.status = 'withdrawn' THEN o.reason END FROM offers o
        WHERE o.tenant_id = v_tenant AND o.customer_id = p_customer
        UNION ALL
        SELECT e.id, CASE WHEN e.status = 'cancelled' THEN e.reason END FROM waitlist_entries e
        WHERE e.tenant_id = v_tenant AND e.customer_id = p_customer
    )
    SELECT array_agg(id), array_agg(DISTINCT reason) FILTER (WHERE reason <> 'erased') INTO v_theirs, v_words FROM theirs;
    UPDATE bookings SET reason = 'erased' WHERE tenant_id = v_tenant AND customer_id = p_customer AND reason <> 'erased';
    UPDATE slots s SET reason = 'erased' FROM offers o
    WHERE o.tenant_id = v_tenant AND o.customer_id = p_customer AND s.tenant_id = v_tenant AND s.id = o.slot_id
      AND s.reason = ANY (v_words);
    UPDATE history h SET reason = 'erased' FROM offers o
    WHERE o.tenant_id = v_tenant AND o.customer_id = p_customer AND h.tenant_id = v_tenant AND h.entity = 'slot'
      AND h.entity_id = o.slot_id AND h.reason = ANY (v_words);
    UPDATE offers SET reason = 'erased'
    WHERE tenant_id = v_tenant AND customer_id = p_customer AND status = 'withdrawn' AND reason <> 'erased';
    UPDATE waitlist_entries SET reason = 'erased'
    WHERE tenant_id = v_tenant AND customer_id = p_customer AND status = 'cancelled' AND reason <> 'erased';
    UPDATE history SET reason = 'erased'
    WHERE tenant_id = v_tenant AND entity_id = ANY (v_theirs) AND (entity = 'booking' OR reason = ANY (v_words));
    UPDATE history h SET details = h.details - 'why' FROM waitlist_entries e
    WHERE e.tenant_id = v_tenant AND e.customer_id = p_customer AND h.tenant_id = v_tenant AND h.entity = 'entry'
      AND h.entity_id = e.id AND h.details ? 'why';
    SELECT * INTO v_known FROM customers
    WHERE tenant_id = v_tenant AND id = p_customer AND erased_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM set_config('standby.author', coalesce(v_author, ''), true);
        RETURN false;
    END IF;
    UPDATE customers
    SET name = 'Erased', phone = NULL, email = NULL, vip = false, channels = '{}', wrote_whatsapp_at = NULL, erased_at = p_now
    WHERE tenant_id = v_tenant AND id = p_customer;
    UPDATE calendar_events e SET wanted = e.wanted + 1, next_attempt_at = p_now
    FROM calendar_links l
    WHERE e.tenant_id = v_tenant AND e.customer_id = p_customer AND NOT e.gone AND l.tenant_id = v_tenant AND l.id = e.link_id
      AND l.state <> 'reconnect';
    -- Whoever was told of them may have repeated what it was told.
    UPDATE webhook_deliveries SET answer = NULL
    WHERE tenant_id = v_tenant AND payload #>> '{data,customer_id}' = p_customer::text AND answer IS NOT NULL;
    -- The links that they were sent open nothing any more.
    DELETE FROM offer_tokens t USING offers o
    WHERE o.tenant_id = v_tenant AND o.customer_id = p_customer AND t.tenant_id = v_tenant AND t.offer_id = o.id;
    DELETE FROM preferences WHERE tenant_id = v_tenant AND customer_id = p_customer;
    DELETE FROM counted_visits WHERE tenant_id = v_tenant AND customer_id = p_customer;
    UPDATE replies SET text = '', sender = NULL, button = NULL
    WHERE tenant_id = v_tenant AND (customer_id = p_customer OR sender IN (v_known.phone, v_known.email));
    UPDATE notices n SET details = n.details - 'customer' FROM bookings b
    WHERE b.tenant_id = v_tenant AND b.customer_id = p_customer AND n.tenant_id = v_tenant
      AND n.details ->> 'booking' = b.id::text;
    UPDATE audit_log SET before = NULL, after = NULL
    WHERE tenant_id = v_tenant AND entity = 'customer' AND entity_id = p_customer;
    UPDATE audit_log SET before = before - 'reason', after = after - 'reason'
    WHERE tenant_id = v_tenant AND entity_id = ANY (v_theirs || ARRAY(
        SELECT o.slot_id FROM offers o WHERE o.tenant_id = v_tenant AND o.customer_id = p_customer));
    -- As they stand in what providers sent and in answers that are kept for a day.
    v_addresses := array_remove(ARRAY[ltrim(v_known.phone, '+'), v_known.email, p_customer::text], NULL);
    DELETE FROM callbacks c WHERE c.tenant_id = v_tenant
        AND EXISTS (SELECT FROM unnest(v_addresses) AS address WHERE position(convert_to(address, 'UTF8') IN c.body) > 0);
    DELETE FROM idempotency_keys k WHERE k.tenant_id = v_tenant
        AND EXISTS (SELECT FROM unnest(v_addresses) AS address WHERE position(convert_to(address, 'UTF8') IN k.body) > 0);
    PERFORM announce_deadline(p_now, p_now);
    PERFORM set_config('standby.author', coalesce(v_author, ''), true);
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, entity_id)
    SELECT v_tenant, p_now, coalesce(a ->> 'actor', 'retention'), (a ->> 'address')::inet, a ->> 'request_id', 'erase',
           'customer', p_customer
    FROM (SELECT nullif(v_author, '')::jsonb) AS author (a);
    RETURN true;
END $$;
ALTER FUNCTION standby.erase_customer(p_customer uuid, p_now timestamp with time zone) OWNER TO standby_system;

-- erase_idle_customers(timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.erase_idle_customers(p_before timestamp with time zone, p_now timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v record;
    v_erased integer := 0;
BEGIN
    FOR v IN
        SELECT c.tenant_id, c.id FROM customers c
        WHERE c.erased_at IS NULL AND c.created_at < p_before
          AND coalesce(c.wrote_whatsapp_at < p_before, true)
          AND NOT EXISTS (SELECT FROM bookings b WHERE b.tenant_id = c.tenant_id AND b.customer_id = c.id
                          AND greatest(CASE WHEN b.status <> 'cancelled' THEN b.ends_at END, b.changed_at) >= p_before)
          AND NOT EXISTS (SELECT FROM waitlist_entries e WHERE e.tenant_id = c.tenant_id AND e.customer_id = c.id
                          AND (e.ended_at IS NULL OR e.ended_at >= p_before))
          AND NOT EXISTS (SELECT FROM replies r WHERE r.tenant_id = c.tenant_id AND r.customer_id = c.id
                          AND r.received_at >= p_before)
        ORDER BY c.tenant_id, c.id
        LIMIT 100
    LOOP
        PERFORM set_config('standby.tenant', v.tenant_id::text, true);
        v_erased := v_erased + erase_customer(v.id, p_now)::integer;
    END LOOP;
    PERFORM set_config('standby.tenant', '', true);
    RETURN v_erased;
END $$;
ALTER FUNCTION standby.erase_idle_customers(p_before timestamp with time zone, p_now timestamp with time zone) OWNER TO standby_system;

-- event_of(text, text, text, text); Type: FUNCTION
CREATE FUNCTION standby.event_of(p_entity text, p_from text, p_to text, p_reason text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT CASE p_entity
        WHEN 'booking' THEN CASE
            WHEN p_from IS NULL AND p_to = 'confirmed' THEN 'booking.created'
            WHEN p_from = 'cancelled' AND p_to = 'confirmed' THEN 'booking.restored'
            WHEN p_to IS NULL AND p_reason = 'moved' THEN 'booking.moved'
            WHEN p_to IN ('cancelled', 'completed', 'no_show') THEN 'booking.' || p_to END
        WHEN 'entry' THEN CASE
            WHEN p_from IS NULL AND p_to = 'waiting' THEN 'waitlist.joined'
            WHEN p_to IN ('booked', 'expired', 'cancelled') THEN 'waitlist.ended' END
        WHEN 'offer' THEN CASE
            WHEN p_to = 'pending' THEN 'offer.made'
            WHEN p_to IN ('accepted', 'declined', 'expired', 'withdrawn') THEN 'offer.' || p_to END
        WHEN 'slot' THEN CASE
            WHEN coalesce(p_from, 'cancelled') = 'cancelled' AND p_to = 'open' THEN 'slot.opened'
            WHEN p_from = 'held' AND p_to = 'booked' THEN 'slot.filled'
            WHEN p_from IN ('open', 'held') AND p_to = 'cancelled' THEN 'slot.closed' END
    END
$$;
ALTER FUNCTION standby.event_of(p_entity text, p_from text, p_to text, p_reason text) OWNER TO standby_system;

-- expire_due_entries(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.expire_due_entries(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM waitlist_entries
        WHERE status = 'waiting' AND latest <= p_now ORDER BY latest LIMIT 200 FOR UPDATE SKIP LOCKED
    ), ended AS (
        UPDATE waitlist_entries e
        SET status = 'expired', ended_at = p_now, reason = 'latest_passed', actor = 'timer', changed_at = p_now
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.id
    )
    SELECT count(*), 0::bigint FROM ended;
END $$;
ALTER FUNCTION standby.expire_due_entries(p_now timestamp with time zone) OWNER TO standby_system;

-- expire_due_offers(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.expire_due_offers(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT o.tenant_id, o.id, o.slot_id
        FROM offers o
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
        WHERE o.status = 'pending' AND o.expires_at <= p_now
        ORDER BY o.expires_at
        LIMIT 200
        FOR UPDATE OF s, o SKIP LOCKED
    ), ended AS (
        UPDATE offers o
        SET status = CASE WHEN o.sent_at IS NULL THEN 'withdrawn' ELSE 'expired' END,
            reason = CASE WHEN o.sent_at IS NULL THEN 'undelivered' ELSE 'no_answer' END,
            actor = 'timer', changed_at = p_now, ended_at = p_now, remind_at = NULL
        FROM due
        WHERE o.tenant_id = due.tenant_id AND o.id = due.id
        RETURNING o.*
    ), moved AS (
        UPDATE waitlist_entries e
        SET status = CASE WHEN ended.sent_at IS NULL THEN 'waiting'
                          WHEN e.misses + 1 >= ended.max_misses THEN 'expired'
                          ELSE 'cooldown' END,
            misses = CASE WHEN ended.sent_at IS NULL THEN e.misses ELSE e.misses + 1 END,
            cooldown_until = CASE WHEN ended.sent_at IS NOT NULL AND e.misses + 1 < ended.max_misses
                                  THEN p_now + make_interval(secs => ended.cooldown_seconds) END,
            ended_at = CASE WHEN ended.sent_at IS NOT NULL AND e.misses + 1 >= ended.max_misses THEN p_now END,
            reason = ended.reason, actor = 'timer', changed_at = p_now
        FROM ended
        WHERE e.tenant_id = ended.tenant_id AND e.id = ended.entry_id AND e.status = 'notified'
        RETURNING e.id
    ), freed AS (
        UPDATE slots s
        SET status = 'open', hold_expires_at = NULL, reason = 'offer_ended', actor = 'timer', changed_at = p_now
        WHERE s.status = 'held'
          AND (s.tenant_id, s.id) IN (SELECT tenant_id, slot_id FROM due)
          AND NOT EXISTS (SELECT FROM offers other
                          WHERE other.tenant_id = s.tenant_id AND other.slot_id = s.id AND other.status = 'pending'
                            AND (other.tenant_id, other.id) NOT IN (SELECT tenant_id, id FROM due))
        RETURNING s.tenant_id, s.id
    )
    SELECT (SELECT count(*) FROM ended), (SELECT count(enqueue_for(tenant_id, 'waitlist.fill', id, 10)) FROM freed);
END $$;
ALTER FUNCTION standby.expire_due_offers(p_now timestamp with time zone) OWNER TO standby_system;

-- fail_calendar(uuid, bytea, text, timestamp with time zone, boolean, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamp with time zone, p_tell boolean, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v record;
BEGIN
    UPDATE calendar_links
    SET state = CASE WHEN p_next IS NULL THEN 'reconnect' ELSE 'failing' END, failure = p_failure,
        failures = failures + 1, failing_since = coalesce(failing_since, p_now), next_read_at = p_next
    WHERE tenant_id = current_tenant() AND id = p_link AND state <> 'reconnect' AND secrets IS NOT DISTINCT FROM p_secrets
    RETURNING tenant_id, staff_id, kind, state, failures, failing_since INTO v;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_next IS NULL THEN
        WITH resting AS MATERIALIZED (
            SELECT tenant_id, id FROM calendar_events
            WHERE tenant_id = v.tenant_id AND link_id = p_link AND next_attempt_at IS NOT NULL
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE calendar_events e SET next_attempt_at = NULL, lease_until = NULL
        FROM resting r WHERE e.tenant_id = r.tenant_id AND e.id = r.id;
    END IF;
    IF p_tell OR p_next IS NULL OR v.failures >= 3 THEN
        PERFORM tell_salon(v.tenant_id, 'calendar_' || v.state, format('calendar_%s:%s:%s', v.state, p_link, v.failing_since),
                           jsonb_build_object('calendar_id', p_link, 'staff_id', v.staff_id, 'calendar', v.kind,
                                              'failure', p_failure), p_now);
    END IF;
END $$;
ALTER FUNCTION standby.fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamp with time zone, p_tell boolean, p_now timestamp with time zone) OWNER TO standby_system;

-- fail_without_channel(uuid, uuid, timestamp with time zone, boolean); Type: FUNCTION
CREATE FUNCTION standby.fail_without_channel(p_tenant uuid, p_id uuid, p_now timestamp with time zone, by_quota boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    VALUES (p_tenant, p_id, 'failed',
            CASE WHEN by_quota THEN 'the month''s quota is used up, and the customer has no other open channel'
                 ELSE 'the customer has no open channel left' END, p_now);
    UPDATE messages SET status = 'failed', next_attempt_at = NULL,
                        reason = CASE WHEN by_quota THEN 'quota' ELSE 'no_open_channel' END
    WHERE tenant_id = p_tenant AND id = p_id;
    SELECT tell_of_failed_reminder(p_tenant, p_id, m.reason, p_now) FROM messages m
    WHERE m.tenant_id = p_tenant AND m.id = p_id AND m.kind = 'reminder' AND m.failed_channels <> '{}';
$$;
ALTER FUNCTION standby.fail_without_channel(p_tenant uuid, p_id uuid, p_now timestamp with time zone, by_quota boolean) OWNER TO standby_system;

-- failing_webhooks(); Type: FUNCTION
CREATE FUNCTION standby.failing_webhooks() RETURNS TABLE(slug text, url text, failing_since timestamp with time zone, disabled_reason text, pending bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT t.slug, e.url, e.failing_since, e.disabled_reason,
           (SELECT count(*) FROM webhook_deliveries d
            WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id AND d.status = 'pending')
    FROM webhook_endpoints e JOIN tenants t ON t.id = e.tenant_id
    WHERE e.failing_since IS NOT NULL OR e.disabled_reason IS NOT NULL
    ORDER BY t.slug, e.created_at
$$;
ALTER FUNCTION standby.failing_webhooks() OWNER TO standby_system;

-- find_api_key(bytea, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.find_api_key(p_key_hash bytea, p_now timestamp with time zone) RETURNS TABLE(tenant_id uuid, prefix text, scopes text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    UPDATE api_keys k SET last_used_at = p_now
    WHERE k.key_hash = p_key_hash AND coalesce(k.ends_at > p_now, true)
      AND coalesce(k.last_used_at, '-infinity') <= p_now - interval '1 minute';
    RETURN QUERY
    SELECT k.tenant_id, k.prefix, k.scopes FROM api_keys k
    WHERE k.key_hash = p_key_hash AND coalesce(k.ends_at > p_now, true);
END $$;
ALTER FUNCTION standby.find_api_key(p_key_hash bytea, p_now timestamp with time zone) OWNER TO standby_system;

-- find_session(bytea, timestamp with time zone, boolean); Type: FUNCTION
CREATE FUNCTION standby.find_session(p_token_hash bytea, p_now timestamp with time zone, p_used boolean DEFAULT true) RETURNS TABLE(id uuid, user_id uuid, email text, locale text, is_operator boolean, needs_code boolean, tenant_id uuid, role text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    UPDATE sessions s SET seen_at = p_now
    WHERE p_used AND s.token_hash = p_token_hash AND s.ends_at > p_now AND s.seen_at + s.idle > p_now
      AND s.seen_at <= p_now - interval '1 minute';
    RETURN QUERY
    SELECT s.id, s.user_id, u.email, u.locale, u.is_operator, s.needs_code, m.tenant_id, m.role
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    LEFT JOIN memberships m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
    WHERE s.token_hash = p_token_hash AND s.ends_at > p_now AND s.seen_at + s.idle > p_now;
END $$;
ALTER FUNCTION standby.find_session(p_token_hash bytea, p_now timestamp with time zone, p_used boolean) OWNER TO standby_system;

-- fn_pgqueuer_changed(); Type: FUNCTION
CREATE FUNCTION standby.fn_pgqueuer_changed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;
    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;
    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;
END;
$$;

-- follow_bookings(); Type: FUNCTION
CREATE FUNCTION standby.follow_bookings() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_at timestamptz;
    v_more timestamptz;
BEGIN
    WITH added AS (
        INSERT INTO calendar_events (tenant_id, id, link_id, booking_id, starts_at, ends_at, service_id, customer_id, gone,
                                     next_attempt_at)
        SELECT b.tenant_id, gen_random_uuid(), l.id, b.id, b.starts_at, b.ends_at, b.service_id, b.customer_id, false,
               CASE WHEN l.state <> 'reconnect' THEN b.changed_at END
        FROM changed b JOIN calendar_links l ON l.tenant_id = b.tenant_id AND l.staff_id = b.staff_id AND l.writes
        WHERE b.status = 'confirmed' AND b.ends_at > b.changed_at
        ON CONFLICT (tenant_id, link_id, booking_id) DO NOTHING
        RETURNING next_attempt_at
    )
    SELECT max(next_attempt_at) INTO v_more FROM added;
    IF TG_OP = 'UPDATE' THEN
        WITH told AS MATERIALIZED (
            SELECT e.tenant_id, e.id, b.starts_at, b.ends_at, b.service_id, b.customer_id, b.changed_at, l.state,
                   b.status = 'cancelled' OR b.staff_id <> l.staff_id AS gone
            FROM changed b
            JOIN calendar_events e ON e.tenant_id = b.tenant_id AND e.booking_id = b.id
            JOIN calendar_links l ON l.tenant_id = e.tenant_id AND l.id = e.link_id
            WHERE (e.starts_at, e.ends_at, e.service_id, e.customer_id, e.gone) IS DISTINCT FROM
                  (b.starts_at, b.ends_at, b.service_id, b.customer_id, b.status = 'cancelled' OR b.staff_id <> l.staff_id)
            ORDER BY e.id FOR NO KEY UPDATE OF e
        ), noted AS (
            UPDATE calendar_events e
            SET starts_at = t.starts_at, ends_at = t.ends_at, service_id = t.service_id, customer_id = t.customer_id,
                gone = t.gone, wanted = e.wanted + 1, attempts = 0, failure = NULL,
                next_attempt_at = CASE WHEN t.state <> 'reconnect' THEN greatest(t.changed_at, e.lease_until) END
            FROM told t WHERE e.tenant_id = t.tenant_id AND e.id = t.id
            RETURNING t.changed_at
        )
        SELECT max(changed_at) INTO v_at FROM noted;
    END IF;
    v_at := greatest(v_at, v_more);
    IF v_at IS NOT NULL THEN
        PERFORM announce_deadline(v_at, v_at);
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION standby.follow_bookings() OWNER TO standby_system;

-- follow_history(); Type: FUNCTION
CREATE FUNCTION standby.follow_history() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_event text;
    v_data jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM webhook_endpoints e WHERE e.tenant_id = new.tenant_id AND e.active) THEN
        RETURN NULL;
    END IF;
    v_event := event_of(new.entity, new.from_state, new.to_state, new.reason);
    IF v_event IS NULL THEN
        RETURN NULL;
    END IF;
    -- What may have changed again within the transaction is told as the line has it: the state.
    CASE new.entity
    WHEN 'booking' THEN
        SELECT jsonb_build_object(
                   'id', b.id, 'status', coalesce(new.to_state, 'confirmed'), 'starts_at', b.starts_at, 'ends_at', b.ends_at,
                   'service', jsonb_build_object('id', sv.id, 'name', sv.name),
                   'staff', jsonb_build_object('id', st.id, 'name', st.name),
                   'customer_id', b.customer_id, 'source', b.source, 'cancelled_by', b.cancelled_by, 'sequence', b.sequence)
               || CASE v_event WHEN 'booking.moved' THEN jsonb_build_object('previous', jsonb_build_object(
                   'starts_at', coalesce(new.details #> '{starts_at,from}', to_jsonb(b.starts_at)),
                   'service_id', coalesce(new.details #> '{service_id,from}', to_jsonb(b.service_id)),
                   'staff_id', coalesce(new.details #> '{staff_id,from}', to_jsonb(b.staff_id)))) ELSE '{}' END
        INTO v_data
        FROM bookings b
        JOIN services sv ON sv.tenant_id = b.tenant_id AND sv.id = b.service_id
        JOIN staff st ON st.tenant_id = b.tenant_id AND st.id = b.staff_id
        WHERE b.tenant_id = new.tenant_id AND b.id = new.entity_id;
    WHEN 'entry' THEN
        SELECT jsonb_build_object(
                   'id', e.id, 'status', new.to_state, 'earliest', e.earliest, 'latest', e.latest,
                   'service', jsonb_build_object('id', sv.id, 'name', sv.name),
                   'staff', CASE WHEN st.id IS NOT NULL THEN jsonb_build_object('id', st.id, 'name', st.name) END,
                   'customer_id', e.customer_id, 'booking_id', e.booking_id, 'joined_at', e.joined_at)
        INTO v_data
        FROM waitlist_entries e
        JOIN services sv ON sv.tenant_id = e.tenant_id AND sv.id = e.service_id
        LEFT JOIN staff st ON st.tenant_id = e.tenant_id AND st.id = e.staff_id
        WHERE e.tenant_id = new.tenant_id AND e.id = new.entity_id;
    WHEN 'offer' THEN
        SELECT jsonb_build_object(
                   'id', o.id, 'status', new.to_state, 'slot_id', o.slot_id, 'entry_id', o.entry_id,
                   'starts_at', s.starts_at, 'ends_at', s.ends_at,
                   'service', jsonb_build_object('id', sv.id, 'name', sv.name),
                   'staff', jsonb_build_object('id', st.id, 'name', st.name),
                   'customer_id', o.customer_id, 'offered_at', o.offered_at, 'booking_id', o.booking_id)
        INTO v_data
        FROM offers o
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id
        JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
        JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
        WHERE o.tenant_id = new.tenant_id AND o.id = new.entity_id;
    WHEN 'slot' THEN
        SELECT jsonb_build_object(
                   'id', s.id, 'status', new.to_state, 'starts_at', s.starts_at, 'ends_at', s.ends_at,
                   'service', jsonb_build_object('id', sv.id, 'name', sv.name),
                   'staff', jsonb_build_object('id', st.id, 'name', st.name),
                   'booking_id', (SELECT b.id FROM bookings b WHERE b.tenant_id = s.tenant_id AND b.slot_id = s.id
                                                                AND b.status = 'confirmed'))
        INTO v_data
        FROM slots s
        JOIN services sv ON sv.tenant_id = s.tenant_id AND sv.id = s.service_id
        JOIN staff st ON st.tenant_id = s.tenant_id AND st.id = s.staff_id
        WHERE s.tenant_id = new.tenant_id AND s.id = new.entity_id;
    END CASE;
    PERFORM write_event(new.tenant_id, v_event, v_data, new.at);
    RETURN NULL;
END $$;
ALTER FUNCTION standby.follow_history() OWNER TO standby_system;

-- follow_messages(); Type: FUNCTION
CREATE FUNCTION standby.follow_messages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM webhook_endpoints e WHERE e.tenant_id = new.tenant_id AND e.active) THEN
        PERFORM write_event(
            new.tenant_id, 'message.failed',
            jsonb_build_object('id', new.id, 'kind', new.kind, 'customer_id', new.customer_id, 'offer_id', new.offer_id,
                               'booking_id', new.booking_id, 'channels', new.failed_channels),
            coalesce((SELECT max(v.at) FROM message_events v
                      WHERE v.tenant_id = new.tenant_id AND v.message_id = new.id), new.created_at));
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION standby.follow_messages() OWNER TO standby_system;

-- forget_accounts(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_accounts(p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    DELETE FROM sessions WHERE ends_at < p_now OR seen_at + idle < p_now;
    DELETE FROM attempts WHERE last_at < p_now - interval '1 day';
    DELETE FROM letters WHERE created_at < p_now - interval '30 days' AND coalesce(ends_at, created_at) < p_now;
    DELETE FROM invitations WHERE ends_at < p_now - interval '30 days';
$$;
ALTER FUNCTION standby.forget_accounts(p_now timestamp with time zone) OWNER TO standby_system;

-- forget_audit(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_audit(p_before timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ DELETE FROM audit_log WHERE at < p_before $$;
ALTER FUNCTION standby.forget_audit(p_before timestamp with time zone) OWNER TO standby_system;

-- forget_callbacks(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_callbacks(p_before timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    DELETE FROM callbacks WHERE read_at < p_before
$$;
ALTER FUNCTION standby.forget_callbacks(p_before timestamp with time zone) OWNER TO standby_system;

-- forget_old_webhooks(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_old_webhooks(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH old AS MATERIALIZED (
        SELECT tenant_id, id FROM webhook_deliveries
        WHERE at < date_trunc('hour', p_now) - interval '30 days'
        ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED
    ), forgotten AS (
        DELETE FROM webhook_deliveries d USING old WHERE d.tenant_id = old.tenant_id AND d.id = old.id
        RETURNING d.id
    )
    SELECT count(*), 0::bigint FROM forgotten;
END $$;
ALTER FUNCTION standby.forget_old_webhooks(p_now timestamp with time zone) OWNER TO standby_system;

-- forget_permits(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_permits(p_before timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ DELETE FROM public_limits WHERE tat < p_before $$;
ALTER FUNCTION standby.forget_permits(p_before timestamp with time zone) OWNER TO standby_system;

-- forget_request_keys(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_request_keys(p_before timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ DELETE FROM idempotency_keys WHERE at < p_before $$;
ALTER FUNCTION standby.forget_request_keys(p_before timestamp with time zone) OWNER TO standby_system;

-- forget_verifications(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.forget_verifications(p_before timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE message_events e SET details = '' FROM verifications v
    WHERE v.created_at < p_before AND e.tenant_id = v.tenant_id AND e.message_id = v.id AND e.details <> '';
    UPDATE messages m SET address = NULL FROM verifications v
    WHERE v.created_at < p_before AND m.tenant_id = v.tenant_id AND m.id = v.id AND m.address IS NOT NULL;
    DELETE FROM verifications WHERE created_at < p_before;
$$;
ALTER FUNCTION standby.forget_verifications(p_before timestamp with time zone) OWNER TO standby_system;

-- forgive_attempt(bytea[], bytea[]); Type: FUNCTION
CREATE FUNCTION standby.forgive_attempt(p_cleared bytea[], p_given_back bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    PERFORM FROM attempts WHERE key = ANY (p_cleared || p_given_back) ORDER BY key FOR UPDATE;  -- As take_attempt does.
    DELETE FROM attempts WHERE key = ANY (p_cleared);
    UPDATE attempts SET failures = failures - 1, waits_until = NULL WHERE key = ANY (p_given_back);
END $$;
ALTER FUNCTION standby.forgive_attempt(p_cleared bytea[], p_given_back bytea[]) OWNER TO standby_system;

-- goes_at_once(text); Type: FUNCTION
CREATE FUNCTION standby.goes_at_once(p_kind text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT p_kind IN ('booked', 'too_late', 'passed_on', 'help', 'help_booking', 'call_salon', 'which_one', 'stopped',
                      'started', 'by_hand', 'verify_code', 'booking_confirmed', 'changed', 'cancelled')
$$;
ALTER FUNCTION standby.goes_at_once(p_kind text) OWNER TO standby_system;

-- grant_send(uuid, text, interval, integer, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.grant_send(p_tenant uuid, p_key text, p_every interval, p_at_once integer, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_granted_at timestamptz;
BEGIN
    INSERT INTO rate_limits AS r (tenant_id, key, tat)
    VALUES (p_tenant, p_key, p_now + p_every)
    ON CONFLICT (tenant_id, key)
    DO UPDATE SET tat = greatest(r.tat, p_now) + p_every
    RETURNING greatest(p_now, r.tat - p_every * p_at_once) INTO v_granted_at;
    RETURN v_granted_at;
END $$;
ALTER FUNCTION standby.grant_send(p_tenant uuid, p_key text, p_every interval, p_at_once integer, p_now timestamp with time zone) OWNER TO standby_system;

-- hand_over_letter(uuid, text, bytea, timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamp with time zone, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO letters (id, kind, email, locale, details, lifetime, created_at, token_hash, ends_at)
    SELECT p_id, 'reset', u.email, p_locale, '{}', p_ends_at - p_now, p_now, p_token_hash, p_ends_at
    FROM users u WHERE u.id = current_account()
$$;
ALTER FUNCTION standby.hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamp with time zone, p_now timestamp with time zone) OWNER TO standby_system;

-- hear_push(uuid, bytea, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.hear_push(p_channel uuid, p_token_hash bytea, p_now timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v record;
BEGIN
    SELECT p.tenant_id, p.link_id INTO v FROM calendar_pushes p WHERE p.id = p_channel AND p.token_hash = p_token_hash;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE calendar_links SET next_read_at = p_now + interval '2 seconds'
    WHERE tenant_id = v.tenant_id AND id = v.link_id AND next_read_at > p_now + interval '2 seconds' AND state = 'active';
    RETURN true;
END $$;
ALTER FUNCTION standby.hear_push(p_channel uuid, p_token_hash bytea, p_now timestamp with time zone) OWNER TO standby_system;

-- list_users(); Type: FUNCTION
CREATE FUNCTION standby.list_users() RETURNS TABLE(email text, is_operator boolean, second_factor boolean, has_password boolean, salons text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT u.email, u.is_operator, u.totp_since IS NOT NULL, u.password_hash IS NOT NULL,
           coalesce((SELECT string_agg(t.slug || ': ' || m.role, ', ' ORDER BY t.slug)
                     FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = u.id), '')
    FROM users u ORDER BY u.email
$$;
ALTER FUNCTION standby.list_users() OWNER TO standby_system;

-- look_at_due_imports(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.look_at_due_imports(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id, state IN ('checking', 'writing') AS runs FROM imports
        WHERE look_at <= p_now
        ORDER BY look_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE imports i SET look_at = p_now + interval '1 minute'
        FROM due WHERE due.runs AND i.tenant_id = due.tenant_id
        RETURNING i.tenant_id, i.id
    ), forgotten AS (
        DELETE FROM imports i USING due WHERE NOT due.runs AND i.tenant_id = due.tenant_id
        RETURNING i.id
    )
    SELECT (SELECT count(*) FROM handed) + (SELECT count(*) FROM forgotten),
           (SELECT count(enqueue_for(tenant_id, 'book.import', id, 2, 'book.import ' || id)) FROM handed);
END $$;
ALTER FUNCTION standby.look_at_due_imports(p_now timestamp with time zone) OWNER TO standby_system;

-- mark_reminders(); Type: FUNCTION
CREATE FUNCTION standby.mark_reminders() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    new.reminders_marked := '2001-01-01 00:00:00+00';
    new.reminders_pass := NULL;  -- One that is under way begins again.
    PERFORM pg_notify('standby_deadline', '');
    RETURN new;
END $$;
ALTER FUNCTION standby.mark_reminders() OWNER TO standby_system;

-- members_of_salon(); Type: FUNCTION
CREATE FUNCTION standby.members_of_salon() RETURNS TABLE(user_id uuid, email text, role text, created_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT m.user_id, u.email, m.role, m.created_at FROM memberships m JOIN users u ON u.id = m.user_id
    WHERE m.tenant_id = current_tenant() ORDER BY u.email
$$;
ALTER FUNCTION standby.members_of_salon() OWNER TO standby_system;

-- next_deadlines(); Type: FUNCTION
CREATE FUNCTION standby.next_deadlines(OUT expire_due_offers timestamp with time zone, OUT remind_due_offers timestamp with time zone, OUT end_due_cooldowns timestamp with time zone, OUT expire_due_entries timestamp with time zone, OUT close_due_slots timestamp with time zone, OUT start_due_fills timestamp with time zone, OUT wake_due_messages timestamp with time zone, OUT recover_stale_messages timestamp with time zone, OUT set_marked_reminders timestamp with time zone, OUT remind_due_bookings timestamp with time zone, OUT read_due_calendars timestamp with time zone, OUT write_due_events timestamp with time zone, OUT send_due_webhooks timestamp with time zone, OUT forget_old_webhooks timestamp with time zone, OUT send_due_letters timestamp with time zone, OUT look_at_due_imports timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    expire_due_offers := (SELECT expires_at FROM offers WHERE status = 'pending' ORDER BY expires_at LIMIT 1);
    remind_due_offers := (SELECT remind_at FROM offers WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1);
    end_due_cooldowns := (SELECT cooldown_until FROM waitlist_entries WHERE status = 'cooldown'
                          ORDER BY cooldown_until LIMIT 1);
    expire_due_entries := (SELECT latest FROM waitlist_entries WHERE status = 'waiting' ORDER BY latest LIMIT 1);
    close_due_slots := (SELECT starts_at FROM slots WHERE status = 'open' ORDER BY starts_at LIMIT 1);
    start_due_fills := (SELECT fill_at FROM slots WHERE fill_at IS NOT NULL ORDER BY fill_at LIMIT 1);
    wake_due_messages := (SELECT next_attempt_at FROM messages WHERE status = 'queued'
                          ORDER BY next_attempt_at LIMIT 1);
    recover_stale_messages := (SELECT lease_expires_at FROM messages WHERE status = 'sending'
                               ORDER BY lease_expires_at LIMIT 1);
    set_marked_reminders := (SELECT reminders_marked FROM policies WHERE reminders_marked IS NOT NULL
                             ORDER BY reminders_marked LIMIT 1);
    remind_due_bookings := (SELECT remind_at FROM bookings WHERE remind_at IS NOT NULL ORDER BY remind_at LIMIT 1);
    read_due_calendars := (SELECT next_read_at FROM calendar_links WHERE next_read_at IS NOT NULL
                           ORDER BY next_read_at LIMIT 1);
    write_due_events := (SELECT next_attempt_at FROM calendar_events WHERE next_attempt_at IS NOT NULL
                         ORDER BY next_attempt_at LIMIT 1);
    send_due_webhooks := (SELECT look_at FROM webhook_deliveries WHERE look_at IS NOT NULL ORDER BY look_at LIMIT 1);
    forget_old_webhooks := (SELECT date_trunc('hour', at) + interval '30 days 1 hour' FROM webhook_deliveries
                            ORDER BY at LIMIT 1);
    send_due_letters := (SELECT next_attempt_at FROM letters WHERE next_attempt_at IS NOT NULL
                         ORDER BY next_attempt_at LIMIT 1);
    look_at_due_imports := (SELECT look_at FROM imports ORDER BY look_at LIMIT 1);
END $$;
ALTER FUNCTION standby.next_deadlines(OUT expire_due_offers timestamp with time zone, OUT remind_due_offers timestamp with time zone, OUT end_due_cooldowns timestamp with time zone, OUT expire_due_entries timestamp with time zone, OUT close_due_slots timestamp with time zone, OUT start_due_fills timestamp with time zone, OUT wake_due_messages timestamp with time zone, OUT recover_stale_messages timestamp with time zone, OUT set_marked_reminders timestamp with time zone, OUT remind_due_bookings timestamp with time zone, OUT read_due_calendars timestamp with time zone, OUT write_due_events timestamp with time zone, OUT send_due_webhooks timestamp with time zone, OUT forget_old_webhooks timestamp with time zone, OUT send_due_letters timestamp with time zone, OUT look_at_due_imports timestamp with time zone) OWNER TO standby_system;

-- next_reminder(text, timestamp with time zone, timestamp with time zone, text, integer, integer, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.next_reminder(p_rule text, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_timezone text, p_from_minute integer, p_until_minute integer, p_after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_after timestamptz := greatest(p_after, p_since);
    v_times timestamptz[];
    v_passed bigint := floor(extract(epoch FROM v_after - p_since) / 7200);
    v_in_all bigint := ceil(extract(epoch FROM p_starts_at - p_since) / 7200) - 1;
    v_at timestamptz;
    v_night record;
    v_next timestamptz;
BEGIN
    IF p_rule = 'none' OR v_after >= p_starts_at THEN
        RETURN NULL;
    END IF;
    IF p_rule = 'every_2_hours' THEN
        SELECT array_agg(p_since + k * interval '2 hours') INTO v_times
        FROM unnest(ARRAY[v_passed, v_passed + 1, v_in_all]) AS k WHERE k BETWEEN 1 AND v_in_all;
    ELSE
        SELECT array_agg(p_starts_at - make_interval(mins => minutes)) INTO v_times
        FROM unnest(CASE p_rule WHEN '24h_and_2h' THEN ARRAY[1440, 120] ELSE string_to_array(p_rule, ',')::integer[] END)
             AS minutes
        WHERE p_starts_at - make_interval(mins => minutes) > p_since;
    END IF;
    FOREACH v_at IN ARRAY coalesce(v_times, '{}') LOOP
        IF p_from_minute <> p_until_minute THEN
            SELECT begins_at, ends_at INTO v_night FROM quiet_hours(p_timezone, p_from_minute, p_until_minute, v_at);
            IF v_night.ends_at < p_starts_at THEN
                v_at := v_night.ends_at;
            ELSIF v_night.ends_at IS NOT NULL THEN
                v_at := v_night.begins_at - interval '15 minutes';
                v_at := coalesce(quiet_until(p_timezone, p_from_minute, p_until_minute, v_at), v_at);
                CONTINUE WHEN v_at >= v_night.begins_at;
            END IF;
        END IF;
        IF v_at > v_after THEN
            v_next := least(v_next, v_at);
        END IF;
    END LOOP;
    RETURN v_next;
END $$;
ALTER FUNCTION standby.next_reminder(p_rule text, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_timezone text, p_from_minute integer, p_until_minute integer, p_after timestamp with time zone) OWNER TO standby_system;

-- note_delivery(uuid, text, text, text, text, text, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.note_delivery(p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text, p_at timestamp with time zone, p_now timestamp with time zone, OUT customer uuid, OUT taken_at timestamp with time zone, OUT settled boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.note_delivery(p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text, p_at timestamp with time zone, p_now timestamp with time zone, OUT customer uuid, OUT taken_at timestamp with time zone, OUT settled boolean) OWNER TO standby_system;

-- note_export(uuid); Type: FUNCTION
CREATE FUNCTION standby.note_export(p_customer uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, entity_id)
    SELECT current_tenant(), (a ->> 'at')::timestamptz, a ->> 'actor', (a ->> 'address')::inet, a ->> 'request_id', 'export',
           CASE WHEN p_customer IS NULL THEN 'salon' ELSE 'customer' END, p_customer
    FROM (SELECT nullif(current_setting('standby.author', true), '')::jsonb) AS author (a)
    WHERE a IS NOT NULL
$$;
ALTER FUNCTION standby.note_export(p_customer uuid) OWNER TO standby_system;

-- note_former_booking(); Type: FUNCTION
CREATE FUNCTION standby.note_former_booking() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO former_bookings (tenant_id, staff_id, booking_id, starts_at, ends_at)
    VALUES (old.tenant_id, old.staff_id, old.id, old.starts_at, old.ends_at)
    ON CONFLICT (tenant_id, staff_id, booking_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at;
    RETURN new;
END $$;

-- note_trial(text); Type: FUNCTION
CREATE FUNCTION standby.note_trial(p_channel text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO audit_log (tenant_id, at, actor, address, request_id, action, entity, after)
    SELECT current_tenant(), (a ->> 'at')::timestamptz, a ->> 'actor', (a ->> 'address')::inet, a ->> 'request_id', 'test',
           'sender', jsonb_build_object('channel', p_channel)
    FROM (SELECT nullif(current_setting('standby.author', true), '')::jsonb) AS author (a)
    WHERE a IS NOT NULL
$$;
ALTER FUNCTION standby.note_trial(p_channel text) OWNER TO standby_system;

-- notify_requeued_jobs(); Type: FUNCTION
CREATE FUNCTION standby.notify_requeued_jobs() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('ch_pgqueuer', json_build_object(
        'channel', 'ch_pgqueuer', 'operation', 'update', 'sent_at', now(), 'table', 'pgqueuer',
        'type', 'table_changed_event')::text);
    RETURN NULL;
END $$;

-- open_letter(bytea, text, boolean, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamp with time zone) RETURNS TABLE(email text, locale text, details jsonb, user_id uuid, has_password boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_letter letters;
    v_user users;
BEGIN
    SELECT * INTO v_letter FROM letters l
    WHERE l.token_hash = p_token_hash AND l.kind = p_kind AND l.used_at IS NULL AND l.ends_at > p_now;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_use THEN
        UPDATE letters l SET used_at = p_now WHERE l.id = v_letter.id AND l.used_at IS NULL;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    IF p_kind = 'email' THEN  -- It went to an address that is to become the account's.
        SELECT * INTO v_user FROM users u WHERE u.id = (v_letter.details ->> 'account')::uuid;
    ELSE
        SELECT * INTO v_user FROM users u WHERE lower(u.email) = lower(v_letter.email);
    END IF;
    PERFORM set_config('standby.account', coalesce(v_user.id::text, ''), true);
    RETURN QUERY SELECT v_letter.email, v_letter.locale, v_letter.details, v_user.id,
                        v_user.password_hash IS NOT NULL;
END $$;
ALTER FUNCTION standby.open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamp with time zone) OWNER TO standby_system;

-- pause_channel(uuid, text, boolean, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.pause_channel(p_tenant uuid, p_channel text, p_refused boolean, p_reason text, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO channel_pauses AS p (tenant_id, channel, failures, refused, paused_until, reason)
    VALUES (p_tenant, p_channel, 1, p_refused, CASE WHEN p_refused THEN p_now + interval '15 minutes' ELSE p_now END, p_reason)
    ON CONFLICT (tenant_id, channel) DO UPDATE
    SET failures = p.failures + 1, reason = p_reason,
        refused = p_refused OR (p.refused AND p.paused_until > p_now),
        paused_until = greatest(p.paused_until, CASE
            WHEN p_refused THEN p_now + interval '15 minutes'
            WHEN p.failures + 1 >= 5
            THEN p_now + least(interval '15 minutes', interval '30 seconds' * power(2, least(p.failures - 4, 10)))
            ELSE p.paused_until END);
    SELECT tell_salon(p_tenant, 'sender_refused',
                      format('sender_refused:%s:%s', p_channel, (p_now AT TIME ZONE 'UTC')::date),
                      jsonb_build_object('channel', p_channel, 'reason', p_reason), p_now)
    WHERE p_refused;
$$;
ALTER FUNCTION standby.pause_channel(p_tenant uuid, p_channel text, p_refused boolean, p_reason text, p_now timestamp with time zone) OWNER TO standby_system;

-- quiet_hours(text, integer, integer, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.quiet_hours(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone, OUT begins_at timestamp with time zone, OUT ends_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_today date := (p_now AT TIME ZONE p_timezone)::date;
BEGIN
    IF p_from_minute = p_until_minute THEN
        RETURN;
    END IF;
    FOR v_day IN -1..0 LOOP  -- Those that began yesterday may last until today.
        begins_at := (v_today + v_day + make_interval(mins => p_from_minute)) AT TIME ZONE p_timezone;
        ends_at := (v_today + v_day + (p_until_minute < p_from_minute)::integer
                    + make_interval(mins => p_until_minute)) AT TIME ZONE p_timezone;
        IF p_now >= begins_at AND p_now < ends_at THEN
            RETURN;
        END IF;
    END LOOP;
    begins_at := NULL;
    ends_at := NULL;
END $$;
ALTER FUNCTION standby.quiet_hours(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone, OUT begins_at timestamp with time zone, OUT ends_at timestamp with time zone) OWNER TO standby_system;

-- quiet_until(text, integer, integer, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT ends_at FROM quiet_hours(p_timezone, p_from_minute, p_until_minute, p_now)
$$;
ALTER FUNCTION standby.quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone) OWNER TO standby_system;

-- read_due_calendars(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.read_due_calendars(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM calendar_links
        WHERE next_read_at <= p_now
        ORDER BY next_read_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE calendar_links l SET next_read_at = p_now + interval '10 minutes'
        FROM due WHERE l.tenant_id = due.tenant_id AND l.id = due.id
        RETURNING l.tenant_id, l.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'calendar.read', id, 2)) FROM handed;
END $$;
ALTER FUNCTION standby.read_due_calendars(p_now timestamp with time zone) OWNER TO standby_system;

-- reconcile(timestamp with time zone, interval); Type: FUNCTION
CREATE FUNCTION standby.reconcile(p_now timestamp with time zone, p_every interval) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    WITH orphan AS MATERIALIZED (
        SELECT s.tenant_id, s.id
        FROM slots s
        WHERE s.status = 'held'
          AND NOT EXISTS (SELECT FROM offers o
                          WHERE o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'pending')
        LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), freed AS (
        UPDATE slots s
        SET status = 'open', hold_expires_at = NULL, reason = 'offer_ended', actor = 'reconcile', changed_at = p_now
        FROM orphan WHERE s.tenant_id = orphan.tenant_id AND s.id = orphan.id
        RETURNING s.tenant_id, s.id
    ), lost AS MATERIALIZED (
        SELECT s.tenant_id, s.id
        FROM slots s
        WHERE s.status = 'open' AND s.starts_at > p_now AND s.fill_at IS NULL
          AND s.changed_at <= p_now - p_every
          AND (s.checked_at IS NULL OR s.checked_at <= p_now - p_every)
          AND EXISTS (SELECT FROM waitlist_entries e
                      WHERE e.tenant_id = s.tenant_id AND e.service_id = s.service_id AND e.status = 'waiting'
                        AND e.staff_wish IN (s.staff_id, '00000000-0000-0000-0000-000000000000')
                        AND e.earliest <= s.starts_at AND e.latest >= s.ends_at)
        ORDER BY s.starts_at
        LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), checked AS (
        UPDATE slots s SET checked_at = p_now FROM lost WHERE s.tenant_id = lost.tenant_id AND s.id = lost.id
        RETURNING s.tenant_id, s.id
    ), found AS (
        SELECT tenant_id, id FROM freed UNION ALL SELECT tenant_id, id FROM checked
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'waitlist.fill', id, 0, 'waitlist.fill again ' || id)) FROM found
$$;
ALTER FUNCTION standby.reconcile(p_now timestamp with time zone, p_every interval) OWNER TO standby_system;

-- record_change(); Type: FUNCTION
CREATE FUNCTION standby.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    before text := '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF new.status = old.status THEN
            RETURN new;
        END IF;
        before := old.status;
    END IF;
    IF NOT EXISTS (SELECT FROM transitions t
                   WHERE t.entity = TG_ARGV[0] AND t.from_state = before AND t.to_state = new.status) THEN
        RAISE EXCEPTION '% % cannot go from "%" to "%"', TG_ARGV[0], new.id, before, new.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transitions';
    END IF;
    INSERT INTO history (tenant_id, entity, entity_id, from_state, to_state, reason, actor, at)
    VALUES (new.tenant_id, TG_ARGV[0], new.id, nullif(before, ''), new.status, new.reason, new.actor, new.changed_at);
    RETURN new;
END $$;
ALTER FUNCTION standby.record_change() OWNER TO standby_system;

-- record_outcomes(uuid[], uuid[], uuid[], text[], text[], text[], text[], timestamp with time zone[], timestamp with time zone[], integer[]); Type: FUNCTION
CREATE FUNCTION standby.record_outcomes(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[], p_details text[], p_retry_at timestamp with time zone[], p_at timestamp with time zone[], p_segments integer[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.record_outcomes(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[], p_details text[], p_retry_at timestamp with time zone[], p_at timestamp with time zone[], p_segments integer[]) OWNER TO standby_system;

-- recover_stale_messages(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.recover_stale_messages(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM messages
        WHERE status = 'sending' AND lease_expires_at <= p_now
        ORDER BY lease_expires_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), ended AS (
        UPDATE messages m
        SET status = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN 'queued' ELSE 'uncertain' END,
            resends = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN 1 ELSE m.resends END,
            next_attempt_at = CASE WHEN m.kind = 'offer' AND m.resends = 0 THEN p_now + interval '5 seconds' END,
            lease_expires_at = NULL, lease_id = NULL, reason = 'lease_ran_out'
        FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.id, m.status, m.channel
    ), told AS (
        INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
        SELECT tenant_id, id, 'uncertain', channel, 'the worker that was sending it stopped', p_now FROM ended
        RETURNING id
    )
    SELECT (SELECT count(*) FROM ended), (SELECT count(enqueue_for(tenant_id, 'message.send', id, 10)) FROM ended
                  WHERE status = 'queued');
END $$;
ALTER FUNCTION standby.recover_stale_messages(p_now timestamp with time zone) OWNER TO standby_system;

-- refill_for(uuid, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.refill_for(p_entry uuid, p_now timestamp with time zone) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ SELECT enqueue_fills_for_entry(current_tenant(), p_entry, p_now) $$;
ALTER FUNCTION standby.refill_for(p_entry uuid, p_now timestamp with time zone) OWNER TO standby_system;

-- remind_due_bookings(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.remind_due_bookings(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT b.tenant_id, b.id, b.remind_at, b.reminder_number,
               coalesce(service.channel_order, salon.channel_order) AS channels,
               b.starts_at > p_now AND c.channels && coalesce(service.channel_order, salon.channel_order)
               AND b.remind_at IS NOT DISTINCT FROM reminder_of(
                   b.tenant_id, b.service_id, b.reminders_since, b.starts_at, b.remind_at - interval '1 microsecond')
                   AS reached
        FROM bookings b
        JOIN customers c ON c.tenant_id = b.tenant_id AND c.id = b.customer_id
        JOIN policies salon ON salon.tenant_id = b.tenant_id AND salon.service_id IS NULL
        LEFT JOIN policies service ON service.tenant_id = b.tenant_id AND service.service_id = b.service_id
        WHERE b.remind_at <= p_now AND salon.reminders_marked IS NULL AND service.reminders_marked IS NULL
        ORDER BY b.remind_at
        LIMIT 200
        FOR NO KEY UPDATE OF b SKIP LOCKED
    ), reminded AS (
        UPDATE bookings b
        SET remind_at = reminder_of(b.tenant_id, b.service_id, b.reminders_since, b.starts_at, p_now),
            reminder_number = b.reminder_number + due.reached::integer
        FROM due WHERE b.tenant_id = due.tenant_id AND b.id = due.id
        RETURNING b.tenant_id, b.id, b.customer_id, b.slot_id, b.starts_at, due.remind_at, due.reminder_number, due.channels,
                  due.reached
    ), written AS (
        INSERT INTO messages (tenant_id, id, customer_id, booking_id, slot_id, kind, dedupe_key, status, channels,
                              next_attempt_at, created_at, details)
        SELECT r.tenant_id, gen_random_uuid(), r.customer_id, r.id, r.slot_id, 'reminder',
               format('booking_%s-reminder-%s', r.id, r.reminder_number), 'queued', r.channels,
               p_now + interval '1 minute', p_now,
               jsonb_build_object('number', r.reminder_number, 'scheduled_for', r.remind_at, 'starts_at', r.starts_at)
        FROM reminded r WHERE r.reached
        RETURNING tenant_id, id
    )
    SELECT (SELECT count(*) FROM reminded),
           (SELECT count(enqueue_for(tenant_id, send_job('reminder'), id, send_priority(tenant_id, id, p_now, 5))) FROM written);
END $$;
ALTER FUNCTION standby.remind_due_bookings(p_now timestamp with time zone) OWNER TO standby_system;

-- remind_due_offers(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.remind_due_offers(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT o.tenant_id, o.id
        FROM offers o
        JOIN slots s ON s.tenant_id = o.tenant_id AND s.id = o.slot_id  -- Locked too, and first, as everywhere.
        WHERE o.remind_at <= p_now
        ORDER BY o.remind_at
        LIMIT 200
        FOR UPDATE OF s, o SKIP LOCKED
    ), reminded AS (
        UPDATE offers o SET remind_at = NULL, reminded_at = p_now
        FROM due WHERE o.tenant_id = due.tenant_id AND o.id = due.id
        RETURNING o.*
    ), written AS (
        INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels,
                              next_attempt_at, created_at)
        SELECT r.tenant_id, gen_random_uuid(), r.customer_id, r.id, r.slot_id, 'offer_reminder',
               format('offer_%s-reminder', r.id), 'queued', m.channels, p_now + interval '5 seconds', p_now
        FROM reminded r
        JOIN messages m ON m.tenant_id = r.tenant_id AND m.offer_id = r.id AND m.kind = 'offer'
        ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
        RETURNING tenant_id, id
    )
    SELECT (SELECT count(*) FROM reminded), (SELECT count(enqueue_for(tenant_id, 'message.send', id, 5)) FROM written);
END $$;
ALTER FUNCTION standby.remind_due_offers(p_now timestamp with time zone) OWNER TO standby_system;

-- reminder_of(uuid, uuid, timestamp with time zone, timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.reminder_of(p_tenant uuid, p_service uuid, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT next_reminder(coalesce(service.reminders, salon.reminders), p_since, p_starts_at, t.timezone,
                         salon.quiet_from_minute, salon.quiet_until_minute, p_after)
    FROM tenants t
    JOIN policies salon ON salon.tenant_id = t.id AND salon.service_id IS NULL
    LEFT JOIN policies service ON service.tenant_id = t.id AND service.service_id = p_service
    WHERE t.id = p_tenant
$$;
ALTER FUNCTION standby.reminder_of(p_tenant uuid, p_service uuid, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_after timestamp with time zone) OWNER TO standby_system;

-- renew_leases(uuid[], uuid[], uuid[], timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    WITH sending AS (
        SELECT m.tenant_id, m.id
        FROM unnest(p_tenants, p_ids, p_lease_ids) AS held (tenant_id, id, lease_id)
        JOIN messages m ON m.tenant_id = held.tenant_id AND m.id = held.id
        WHERE m.lease_id = held.lease_id AND m.status = 'sending'
        FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    UPDATE messages m SET lease_expires_at = p_until
    FROM sending s WHERE m.tenant_id = s.tenant_id AND m.id = s.id
$$;
ALTER FUNCTION standby.renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamp with time zone) OWNER TO standby_system;

-- reread_callbacks(timestamp with time zone, interval); Type: FUNCTION
CREATE FUNCTION standby.reread_callbacks(p_now timestamp with time zone, p_every interval) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    WITH unread AS MATERIALIZED (
        SELECT tenant_id, id FROM callbacks
        WHERE read_at IS NULL AND again_at < p_now AND attempts < 5
        ORDER BY again_at LIMIT 200
        FOR UPDATE SKIP LOCKED
    ), counted AS (
        UPDATE callbacks c SET attempts = c.attempts + 1, again_at = p_now + p_every
        FROM unread WHERE c.tenant_id = unread.tenant_id AND c.id = unread.id
        RETURNING c.tenant_id, c.id
    )
    SELECT count(enqueue_for(tenant_id, 'callback.read', id, 5, 'callback.read again ' || id)) FROM counted
$$;
ALTER FUNCTION standby.reread_callbacks(p_now timestamp with time zone, p_every interval) OWNER TO standby_system;

-- reseal_calendar(uuid, uuid, bytea, bytea); Type: FUNCTION
CREATE FUNCTION standby.reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE calendar_links SET secrets = p_new WHERE tenant_id = p_tenant AND id = p_link AND secrets = p_old
$$;
ALTER FUNCTION standby.reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea) OWNER TO standby_system;

-- reseal_factor(uuid, bytea, bytea); Type: FUNCTION
CREATE FUNCTION standby.reseal_factor(p_user uuid, p_old bytea, p_new bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ UPDATE users SET totp_secret = p_new WHERE id = p_user AND totp_secret = p_old $$;
ALTER FUNCTION standby.reseal_factor(p_user uuid, p_old bytea, p_new bytea) OWNER TO standby_system;

-- reseal_sender(uuid, text, uuid, bytea); Type: FUNCTION
CREATE FUNCTION standby.reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE senders SET secrets = p_secrets WHERE tenant_id = p_tenant AND channel = p_channel AND version = p_version
$$;
ALTER FUNCTION standby.reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea) OWNER TO standby_system;

-- reseal_webhook(uuid, uuid, bytea, bytea); Type: FUNCTION
CREATE FUNCTION standby.reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    UPDATE webhook_endpoints SET secrets = p_new WHERE tenant_id = p_tenant AND id = p_endpoint AND secrets = p_old
$$;
ALTER FUNCTION standby.reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea) OWNER TO standby_system;

-- resend_undelivered(uuid, uuid, text, timestamp with time zone, boolean); Type: FUNCTION
CREATE FUNCTION standby.resend_undelivered(p_tenant uuid, p_id uuid, p_reason text, p_now timestamp with time zone, p_again boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.resend_undelivered(p_tenant uuid, p_id uuid, p_reason text, p_now timestamp with time zone, p_again boolean) OWNER TO standby_system;

-- salons_of_account(); Type: FUNCTION
CREATE FUNCTION standby.salons_of_account() RETURNS TABLE(tenant_id uuid, slug text, name text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT t.id, t.slug, t.name, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant_id
    WHERE m.user_id = current_account() ORDER BY t.name, t.id
$$;
ALTER FUNCTION standby.salons_of_account() OWNER TO standby_system;

-- sealed_calendars(); Type: FUNCTION
CREATE FUNCTION standby.sealed_calendars() RETURNS TABLE(tenant_id uuid, id uuid, secrets bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ SELECT l.tenant_id, l.id, l.secrets FROM calendar_links l WHERE l.secrets IS NOT NULL $$;
ALTER FUNCTION standby.sealed_calendars() OWNER TO standby_system;

-- sealed_factors(); Type: FUNCTION
CREATE FUNCTION standby.sealed_factors() RETURNS TABLE(id uuid, secret bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ SELECT u.id, u.totp_secret FROM users u WHERE u.totp_secret IS NOT NULL $$;
ALTER FUNCTION standby.sealed_factors() OWNER TO standby_system;

-- sealed_senders(uuid, text); Type: FUNCTION
CREATE FUNCTION standby.sealed_senders(p_tenant uuid, p_channel text) RETURNS TABLE(tenant_id uuid, slug text, channel text, provider text, address text, options jsonb, secrets bytea, version uuid, paused_until timestamp with time zone, reason text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT s.tenant_id, t.slug, s.channel, s.provider, s.address, s.options, s.secrets, s.version, p.paused_until, p.reason
    FROM senders s
    JOIN tenants t ON t.id = s.tenant_id
    LEFT JOIN channel_pauses p ON p.tenant_id = s.tenant_id AND p.channel = s.channel
    WHERE (p_tenant IS NULL OR s.tenant_id = p_tenant) AND (p_channel IS NULL OR s.channel = p_channel)
    ORDER BY t.slug, s.channel
$$;
ALTER FUNCTION standby.sealed_senders(p_tenant uuid, p_channel text) OWNER TO standby_system;

-- sealed_webhooks(); Type: FUNCTION
CREATE FUNCTION standby.sealed_webhooks() RETURNS TABLE(tenant_id uuid, id uuid, secrets bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$ SELECT e.tenant_id, e.id, e.secrets FROM webhook_endpoints e $$;
ALTER FUNCTION standby.sealed_webhooks() OWNER TO standby_system;

-- send_due_letters(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.send_due_letters(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT id FROM letters WHERE next_attempt_at <= p_now
        ORDER BY next_attempt_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE letters l SET next_attempt_at = p_now + interval '1 minute' * power(2, l.attempts)
        FROM due WHERE l.id = due.id
        RETURNING l.id
    )
    -- They are of no salon.
    SELECT count(*), count(enqueue_for('00000000-0000-0000-0000-000000000000', 'account.letter', id, 12)) FROM handed;
END $$;
ALTER FUNCTION standby.send_due_letters(p_now timestamp with time zone) OWNER TO standby_system;

-- send_due_webhooks(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.send_due_webhooks(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM webhook_deliveries
        WHERE look_at <= p_now
        ORDER BY look_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE webhook_deliveries d
        SET status = CASE WHEN e.active THEN 'pending' ELSE 'dropped' END,
            look_at = CASE WHEN e.active THEN p_now + interval '10 minutes' END,
            next_attempt_at = CASE WHEN e.active THEN d.next_attempt_at END,
            lease_until = CASE WHEN e.active THEN d.lease_until END
        FROM due, webhook_endpoints e
        WHERE d.tenant_id = due.tenant_id AND d.id = due.id AND e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
        RETURNING d.tenant_id, d.endpoint_id, d.status
    ), told AS (
        SELECT count(enqueue_for(tenant_id, 'webhook.deliver', endpoint_id, 2)) AS endpoints
        FROM (SELECT DISTINCT tenant_id, endpoint_id FROM handed WHERE status = 'pending') AS one
    )
    SELECT (SELECT count(*) FROM handed), told.endpoints FROM told;
END $$;
ALTER FUNCTION standby.send_due_webhooks(p_now timestamp with time zone) OWNER TO standby_system;

-- send_job(text); Type: FUNCTION
CREATE FUNCTION standby.send_job(p_kind text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE p_kind WHEN 'reminder' THEN 'reminder.send' ELSE 'message.send' END $$;

-- send_priority(uuid, uuid, timestamp with time zone, integer); Type: FUNCTION
CREATE FUNCTION standby.send_priority(p_tenant uuid, p_id uuid, p_created_at timestamp with time zone, p_urgency integer) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
    SELECT CASE WHEN EXISTS (
        SELECT FROM messages m
        WHERE m.tenant_id = p_tenant AND m.next_attempt_at IS NOT NULL AND NOT m.rate_granted
          AND (m.created_at, m.id) < (p_created_at, p_id)
        ORDER BY m.created_at, m.id OFFSET 9 LIMIT 1) THEN 1 ELSE p_urgency END
$$;
ALTER FUNCTION standby.send_priority(p_tenant uuid, p_id uuid, p_created_at timestamp with time zone, p_urgency integer) OWNER TO standby_system;

-- set_marked_reminders(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.set_marked_reminders(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.set_marked_reminders(p_now timestamp with time zone) OWNER TO standby_system;

-- set_offer_clock(uuid, uuid, timestamp with time zone, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamp with time zone, p_sent_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamp with time zone, p_sent_at timestamp with time zone) OWNER TO standby_system;

-- set_operator(text, boolean); Type: FUNCTION
CREATE FUNCTION standby.set_operator(p_email text, p_is boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_user uuid;
BEGIN
    UPDATE users SET is_operator = p_is WHERE lower(email) = lower(p_email) RETURNING id INTO v_user;
    DELETE FROM sessions WHERE user_id = v_user;
    RETURN v_user IS NOT NULL;
END $$;
ALTER FUNCTION standby.set_operator(p_email text, p_is boolean) OWNER TO standby_system;

-- set_reminder(); Type: FUNCTION
CREATE FUNCTION standby.set_reminder() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        new.reminders_since := new.created_at;
    ELSIF new.starts_at <> old.starts_at THEN
        new.reminders_since := new.changed_at;
    ELSIF new.status = old.status AND new.service_id = old.service_id THEN
        RETURN new;
    END IF;
    IF new.status <> 'confirmed' THEN
        new.remind_at := NULL;
        RETURN new;
    END IF;
    -- Until this commits, nobody sees it who sets reminders by rules that are changed meanwhile: see set_marked_reminders.
    PERFORM FROM policies WHERE tenant_id = new.tenant_id AND service_id IS NULL FOR KEY SHARE;
    new.remind_at := reminder_of(
        new.tenant_id, new.service_id, new.reminders_since, new.starts_at, new.changed_at);
    PERFORM announce_deadline(new.remind_at, new.changed_at);
    RETURN new;
END $$;
ALTER FUNCTION standby.set_reminder() OWNER TO standby_system;

-- settle_sent(uuid, uuid, text, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.settle_sent(p_tenant uuid, p_id uuid, p_provider text, p_provider_id text, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v messages;
BEGIN
    UPDATE messages
    SET status = 'sent', sent_at = p_at, provider = p_provider, provider_id = p_provider_id, reason = '',
        next_attempt_at = NULL, lease_id = NULL, lease_expires_at = NULL
    WHERE tenant_id = p_tenant AND id = p_id
    RETURNING * INTO v;
    INSERT INTO message_events (tenant_id, message_id, event, channel, details, at)
    VALUES (p_tenant, p_id, 'settled', v.channel, 'the provider says that it went out', p_at);
    IF v.kind = 'offer' THEN
        PERFORM set_offer_clock(p_tenant, v.offer_id, p_at, p_at);
    END IF;
END $$;
ALTER FUNCTION standby.settle_sent(p_tenant uuid, p_id uuid, p_provider text, p_provider_id text, p_at timestamp with time zone) OWNER TO standby_system;

-- start_due_fills(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.start_due_fills(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM slots WHERE fill_at <= p_now ORDER BY fill_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), started AS (
        UPDATE slots s SET fill_at = NULL FROM due WHERE s.tenant_id = due.tenant_id AND s.id = due.id
        RETURNING s.tenant_id, s.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'waitlist.fill', id, 10)) FROM started;
END $$;
ALTER FUNCTION standby.start_due_fills(p_now timestamp with time zone) OWNER TO standby_system;

-- store_callback(uuid[], text[], text[], text, bytea, text, bytea, boolean, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.store_callback(p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea, p_hears boolean, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_stored record;
BEGIN
    FOR v_stored IN
        INSERT INTO callbacks (tenant_id, id, provider, digest, sender, query, body, received_at, again_at)
        SELECT t.tenant_id, gen_random_uuid(), p_provider, p_digest, t.sender, p_query, p_body, p_now,
               p_now + interval '30 seconds'
        FROM unnest(p_tenants, p_senders) AS t (tenant_id, sender)
        ON CONFLICT (tenant_id, provider, digest) DO NOTHING
        RETURNING tenant_id, id
    LOOP
        PERFORM enqueue_for(v_stored.tenant_id, 'callback.read', v_stored.id, 20);
    END LOOP;
    IF p_hears THEN
        UPDATE senders s SET heard_at = p_now
        FROM unnest(p_tenants, p_channels) AS t (tenant_id, channel)
        WHERE s.tenant_id = t.tenant_id AND s.channel = t.channel AND s.heard_at IS NULL;
    END IF;
END $$;
ALTER FUNCTION standby.store_callback(p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea, p_hears boolean, p_now timestamp with time zone) OWNER TO standby_system;

-- take_attempt(bytea[], integer[], interval[], timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    v_until timestamptz;
BEGIN
    INSERT INTO attempts (key, failures, last_at)
    SELECT key, 0, p_now FROM unnest(p_keys) AS key ORDER BY key
    ON CONFLICT (key) DO NOTHING;
    PERFORM FROM attempts WHERE key = ANY (p_keys) ORDER BY key FOR UPDATE;
    SELECT max(waits_until) INTO v_until FROM attempts WHERE key = ANY (p_keys) AND waits_until > p_now;
    IF v_until IS NOT NULL THEN
        RETURN v_until;
    END IF;
    UPDATE attempts a
    SET failures = counted.failures, last_at = p_now,
        waits_until = CASE WHEN counted.failures >= counted.free
            THEN p_now + least(counted.longest, interval '1 second' * power(2, least(counted.failures - counted.free, 20)))
        END
    FROM (
        SELECT b.key, given.free, given.longest,
               CASE WHEN b.last_at > p_now - interval '1 day' THEN b.failures ELSE 0 END + 1 AS failures
        FROM unnest(p_keys, p_free, p_longest) AS given (key, free, longest) JOIN attempts b ON b.key = given.key
    ) AS counted
    WHERE a.key = counted.key;
    RETURN NULL;
END $$;
ALTER FUNCTION standby.take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamp with time zone) OWNER TO standby_system;

-- take_permit(bytea[], interval[], integer[], timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamp with time zone) RETURNS interval
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v record;
    v_tat timestamptz;
    v_wait interval := interval '0';
BEGIN
    FOR v IN SELECT * FROM unnest(p_keys, p_every, p_at_once) AS line (key, every, at_once) ORDER BY line.key LOOP
        INSERT INTO public_limits AS l (key, tat) VALUES (v.key, p_now)
        ON CONFLICT (key) DO UPDATE SET tat = l.tat
        RETURNING tat INTO v_tat;
        v_wait := greatest(v_wait, greatest(v_tat, p_now) + v.every * (1 - v.at_once) - p_now);
    END LOOP;
    IF v_wait = interval '0' THEN
        UPDATE public_limits l SET tat = greatest(l.tat, p_now) + line.every
        FROM unnest(p_keys, p_every) AS line (key, every) WHERE l.key = line.key;
    END IF;
    RETURN v_wait;
END $$;
ALTER FUNCTION standby.take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamp with time zone) OWNER TO standby_system;

-- take_turn(uuid); Type: FUNCTION
CREATE FUNCTION standby.take_turn(p_tenant uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO rate_limits AS r (tenant_id, key, tat) VALUES (p_tenant, 'messages', '-infinity')
    ON CONFLICT (tenant_id, key) DO UPDATE SET tat = r.tat
$$;
ALTER FUNCTION standby.take_turn(p_tenant uuid) OWNER TO standby_system;

-- tell_of_failed_reminder(uuid, uuid, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.tell_of_failed_reminder(p_tenant uuid, p_message uuid, p_reason text, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT tell_salon(p_tenant, 'reminder_failed', 'reminder_failed:' || p_message,
                      jsonb_build_object('booking', m.booking_id, 'customer', c.name, 'starts_at', b.starts_at,
                                         'reason', p_reason), p_now)
    FROM messages m
    JOIN bookings b ON b.tenant_id = m.tenant_id AND b.id = m.booking_id
    JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
    WHERE m.tenant_id = p_tenant AND m.id = p_message
$$;
ALTER FUNCTION standby.tell_of_failed_reminder(p_tenant uuid, p_message uuid, p_reason text, p_now timestamp with time zone) OWNER TO standby_system;

-- tell_of_unwritten(uuid, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.tell_of_unwritten(p_link uuid, p_failure text, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT tell_salon(l.tenant_id, 'calendar_failing', format('calendar_unwritten:%s:%s', l.id, p_now::date),
                      jsonb_build_object('calendar_id', l.id, 'staff_id', l.staff_id, 'calendar', l.kind,
                                         'failure', p_failure), p_now)
    FROM calendar_links l WHERE l.tenant_id = current_tenant() AND l.id = p_link
$$;
ALTER FUNCTION standby.tell_of_unwritten(p_link uuid, p_failure text, p_now timestamp with time zone) OWNER TO standby_system;

-- tell_salon(uuid, text, text, jsonb, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.tell_salon(p_tenant uuid, p_kind text, p_key text, p_details jsonb, p_now timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    INSERT INTO notices (tenant_id, id, kind, details, dedupe_key, at)
    VALUES (p_tenant, gen_random_uuid(), p_kind, p_details, p_key, p_now)
    ON CONFLICT (tenant_id, dedupe_key) DO NOTHING
$$;
ALTER FUNCTION standby.tell_salon(p_tenant uuid, p_kind text, p_key text, p_details jsonb, p_now timestamp with time zone) OWNER TO standby_system;

-- uncertain_messages(); Type: FUNCTION
CREATE FUNCTION standby.uncertain_messages() RETURNS TABLE(tenant_id uuid, id uuid, kind text, status text, resends integer, created_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT m.tenant_id, m.id, m.kind, m.status, m.resends, m.created_at
    FROM messages m WHERE m.status = 'uncertain' OR m.resends > 0
    ORDER BY m.created_at DESC LIMIT 1000
$$;
ALTER FUNCTION standby.uncertain_messages() OWNER TO standby_system;

-- unreadable_callbacks(); Type: FUNCTION
CREATE FUNCTION standby.unreadable_callbacks() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT count(*) FROM callbacks WHERE read_at IS NULL AND attempts >= 5
$$;
ALTER FUNCTION standby.unreadable_callbacks() OWNER TO standby_system;

-- unsent_letters(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.unsent_letters(p_since timestamp with time zone, OUT number bigint, OUT reason text) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT count(*), (array_agg(failure ORDER BY created_at DESC))[1]
    FROM letters WHERE failure IS NOT NULL AND created_at >= p_since
$$;
ALTER FUNCTION standby.unsent_letters(p_since timestamp with time zone, OUT number bigint, OUT reason text) OWNER TO standby_system;

-- used_up_channels(uuid, text, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.used_up_channels(p_tenant uuid, p_timezone text, p_now timestamp with time zone) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
DECLARE
    v_month date := date_trunc('month', p_now AT TIME ZONE p_timezone)::date;
    v_channels text[] := '{}';
    v record;
BEGIN
    PERFORM take_turn(p_tenant);
    FOR v IN
        SELECT q.channel, q.monthly_limit
        FROM quotas q
        WHERE q.tenant_id = p_tenant
          AND q.monthly_limit <= (SELECT coalesce(sum(u.messages), 0) FROM usage u
                                  WHERE u.tenant_id = p_tenant AND u.month = v_month AND u.channel = q.channel)
                                 + (SELECT count(*) FROM messages m
                                    WHERE m.tenant_id = p_tenant AND m.status = 'sending' AND m.channel = q.channel)
        ORDER BY q.channel
    LOOP
        v_channels := v_channels || v.channel;
        PERFORM tell_salon(p_tenant, 'quota_used_up', format('quota_used_up:%s:%s', v.channel, v_month),
                           jsonb_build_object('channel', v.channel, 'month', to_char(v_month, 'YYYY-MM'),
                                              'limit', v.monthly_limit), p_now);
    END LOOP;
    RETURN v_channels;
END $$;
ALTER FUNCTION standby.used_up_channels(p_tenant uuid, p_timezone text, p_now timestamp with time zone) OWNER TO standby_system;

-- used_up_quotas(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.used_up_quotas(p_now timestamp with time zone) RETURNS TABLE(slug text, channel text, month date, monthly_limit integer, messages bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
    SELECT t.slug, q.channel, u.month, q.monthly_limit, sum(u.messages)
    FROM quotas q
    JOIN tenants t ON t.id = q.tenant_id
    JOIN usage u ON u.tenant_id = q.tenant_id AND u.channel = q.channel
                AND u.month = date_trunc('month', p_now AT TIME ZONE t.timezone)::date
    GROUP BY t.slug, q.channel, u.month, q.monthly_limit
    HAVING sum(u.messages) >= q.monthly_limit
    ORDER BY t.slug, q.channel
$$;
ALTER FUNCTION standby.used_up_quotas(p_now timestamp with time zone) OWNER TO standby_system;

-- wake_due_messages(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.wake_due_messages(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
DECLARE
    v_tenants uuid[];
    v_ids uuid[];
BEGIN
    SELECT array_agg(due.tenant_id), array_agg(due.id) INTO v_tenants, v_ids
    FROM (SELECT m.tenant_id, m.id FROM messages m
          WHERE m.status = 'queued' AND m.next_attempt_at <= p_now ORDER BY m.next_attempt_at LIMIT 200) AS due;
    IF cardinality(v_ids) = 200 THEN
        SELECT array_agg(due.tenant_id), array_agg(due.id) INTO v_tenants, v_ids FROM due_messages_in_turn(p_now) AS due;
    END IF;
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT m.tenant_id, m.id
        FROM unnest(v_tenants, v_ids) AS chosen (tenant_id, id)
        JOIN messages m ON m.tenant_id = chosen.tenant_id AND m.id = chosen.id
                       AND m.status = 'queued' AND m.next_attempt_at <= p_now
        FOR UPDATE OF m SKIP LOCKED
    ), woken AS (
        UPDATE messages m SET next_attempt_at = p_now + interval '5 seconds'
        FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
        RETURNING m.tenant_id, m.id, m.created_at, m.rate_granted, m.kind
    )
    SELECT count(*), count(enqueue_for(
        tenant_id, send_job(kind), id,
        CASE WHEN rate_granted THEN 5 ELSE send_priority(tenant_id, id, created_at, 5) END,
        'message.send again ' || id)) FROM woken;
END $$;
ALTER FUNCTION standby.wake_due_messages(p_now timestamp with time zone) OWNER TO standby_system;

-- withdraw_undelivered_offer(uuid, uuid, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.withdraw_undelivered_offer(p_tenant uuid, p_offer uuid, p_now timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
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
ALTER FUNCTION standby.withdraw_undelivered_offer(p_tenant uuid, p_offer uuid, p_now timestamp with time zone) OWNER TO standby_system;

-- write_due_events(timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.write_due_events(p_now timestamp with time zone) RETURNS TABLE(taken bigint, enqueued bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT tenant_id, id FROM calendar_events
        WHERE next_attempt_at <= p_now
        ORDER BY next_attempt_at LIMIT 200 FOR UPDATE SKIP LOCKED
    ), handed AS (
        UPDATE calendar_events e SET next_attempt_at = p_now + interval '10 minutes', lease_until = NULL
        FROM due WHERE e.tenant_id = due.tenant_id AND e.id = due.id
        RETURNING e.tenant_id, e.id
    )
    SELECT count(*), count(enqueue_for(tenant_id, 'calendar.write', id, 2)) FROM handed;
END $$;
ALTER FUNCTION standby.write_due_events(p_now timestamp with time zone) OWNER TO standby_system;

-- write_event(uuid, text, jsonb, timestamp with time zone); Type: FUNCTION
CREATE FUNCTION standby.write_event(p_tenant uuid, p_event text, p_data jsonb, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'standby', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event, payload, at, status, next_attempt_at, look_at)
    SELECT p_tenant, gen_random_uuid(), e.id, p_event,
           jsonb_build_object('type', p_event, 'timestamp', p_at, 'data', p_data), p_at, 'pending', p_at, p_at
    FROM webhook_endpoints e
    WHERE e.tenant_id = p_tenant AND e.active AND (e.events = '{}' OR p_event = ANY (e.events));
    IF FOUND THEN
        PERFORM announce_deadline(p_at, p_at);
    END IF;
END $$;
ALTER FUNCTION standby.write_event(p_tenant uuid, p_event text, p_data jsonb, p_at timestamp with time zone) OWNER TO standby_system;

-- busy_times; Type: TABLE
CREATE TABLE standby.busy_times (
    tenant_id uuid NOT NULL,
    link_id uuid NOT NULL,
    event_id text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    staff_id uuid NOT NULL,
    CONSTRAINT busy_times_check CHECK ((starts_at < ends_at))
);
ALTER TABLE ONLY standby.busy_times ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.busy_times FORCE ROW LEVEL SECURITY;

-- closures; Type: TABLE
CREATE TABLE standby.closures (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    staff_id uuid,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT closures_check CHECK ((starts_at < ends_at))
);
ALTER TABLE ONLY standby.closures ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.closures FORCE ROW LEVEL SECURITY;

-- absences; Type: VIEW
CREATE VIEW standby.absences WITH (security_invoker='true') AS
 SELECT closures.tenant_id,
    closures.staff_id,
    closures.starts_at,
    closures.ends_at
   FROM standby.closures
UNION ALL
 SELECT busy_times.tenant_id,
    busy_times.staff_id,
    busy_times.starts_at,
    busy_times.ends_at
   FROM standby.busy_times;

-- api_keys; Type: TABLE
CREATE TABLE standby.api_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT api_keys_key_hash_check CHECK ((length(key_hash) = 32)),
    CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT api_keys_scopes_check CHECK ((cardinality(scopes) > 0))
);
ALTER TABLE ONLY standby.api_keys ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.api_keys FORCE ROW LEVEL SECURITY;

-- attempts; Type: TABLE
CREATE TABLE standby.attempts (
    key bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    waits_until timestamp with time zone,
    CONSTRAINT attempts_key_check CHECK ((length(key) = 32))
)
WITH (fillfactor='50');
ALTER TABLE ONLY standby.attempts FORCE ROW LEVEL SECURITY;

-- audit_log; Type: TABLE
CREATE TABLE standby.audit_log (
    tenant_id uuid NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    address inet,
    request_id text,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id uuid,
    before jsonb,
    after jsonb,
    CONSTRAINT audit_log_action_check CHECK ((action = ANY (ARRAY['create'::text, 'change'::text, 'delete'::text, 'export'::text, 'erase'::text, 'test'::text])))
);
ALTER TABLE ONLY standby.audit_log ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.audit_log FORCE ROW LEVEL SECURITY;

-- audit_log_id_seq; Type: SEQUENCE
ALTER TABLE standby.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME standby.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- bookings; Type: TABLE
CREATE TABLE standby.bookings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    slot_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    service_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    cancelled_at timestamp with time zone,
    reason text NOT NULL,
    actor text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    customer_moves smallint DEFAULT 0 NOT NULL,
    customer_confirmed_at timestamp with time zone,
    cancelled_by text,
    remind_at timestamp with time zone,
    reminder_number integer DEFAULT 1 NOT NULL,
    reminders_since timestamp with time zone NOT NULL,
    reminders_pass bigint DEFAULT 0 NOT NULL,
    CONSTRAINT bookings_cancelled_by_check CHECK ((cancelled_by = ANY (ARRAY['customer'::text, 'salon'::text]))),
    CONSTRAINT bookings_check CHECK (((starts_at < ends_at) AND ((ends_at - starts_at) <= '24:00:00'::interval))),
    CONSTRAINT bookings_check1 CHECK (((status = 'cancelled'::text) = (cancelled_at IS NOT NULL))),
    CONSTRAINT bookings_customer_moves_check CHECK ((customer_moves >= 0)),
    CONSTRAINT bookings_reminded_while_confirmed CHECK (((remind_at IS NULL) OR (status = 'confirmed'::text))),
    CONSTRAINT bookings_reminder_number_check CHECK ((reminder_number > 0)),
    CONSTRAINT bookings_say_who_cancelled CHECK (((cancelled_by IS NULL) OR (status = 'cancelled'::text))),
    CONSTRAINT bookings_sequence_check CHECK ((sequence >= 0)),
    CONSTRAINT bookings_source_check CHECK ((source = ANY (ARRAY['direct'::text, 'waitlist'::text, 'import'::text]))),
    CONSTRAINT bookings_status_check CHECK ((status = ANY (ARRAY['confirmed'::text, 'cancelled'::text, 'completed'::text, 'no_show'::text])))
);
ALTER TABLE ONLY standby.bookings ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.bookings FORCE ROW LEVEL SECURITY;

-- business_hours; Type: TABLE
CREATE TABLE standby.business_hours (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    weekday smallint NOT NULL,
    opens_minute smallint NOT NULL,
    closes_minute smallint NOT NULL,
    CONSTRAINT business_hours_check CHECK ((opens_minute < closes_minute)),
    CONSTRAINT business_hours_closes_minute_check CHECK (((closes_minute >= 1) AND (closes_minute <= 1440))),
    CONSTRAINT business_hours_opens_minute_check CHECK (((opens_minute >= 0) AND (opens_minute <= 1439))),
    CONSTRAINT business_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);
ALTER TABLE ONLY standby.business_hours ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.business_hours FORCE ROW LEVEL SECURITY;

-- calendar_events; Type: TABLE
CREATE TABLE standby.calendar_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    link_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    service_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    gone boolean NOT NULL,
    wanted integer DEFAULT 1 NOT NULL,
    written integer DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone,
    lease_until timestamp with time zone,
    failure text,
    place jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT calendar_events_check CHECK ((written <= wanted))
)
WITH (fillfactor='80');
ALTER TABLE ONLY standby.calendar_events ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.calendar_events FORCE ROW LEVEL SECURITY;

-- calendar_feeds; Type: TABLE
CREATE TABLE standby.calendar_feeds (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    staff_id uuid,
    token_hash bytea NOT NULL,
    contacts boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT calendar_feeds_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.calendar_feeds ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.calendar_feeds FORCE ROW LEVEL SECURITY;

-- calendar_links; Type: TABLE
CREATE TABLE standby.calendar_links (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    staff_id uuid NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    secrets bytea,
    state text NOT NULL,
    failure text,
    failures integer DEFAULT 0 NOT NULL,
    read_at timestamp with time zone,
    next_read_at timestamp with time zone,
    place jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    writes boolean DEFAULT false NOT NULL,
    failing_since timestamp with time zone,
    CONSTRAINT calendar_links_check CHECK (((state = 'active'::text) = (failure IS NULL))),
    CONSTRAINT calendar_links_fail_since CHECK (((failure IS NULL) = (failing_since IS NULL))),
    CONSTRAINT calendar_links_failures_check CHECK ((failures >= 0)),
    CONSTRAINT calendar_links_kind_check CHECK ((kind = ANY (ARRAY['google'::text, 'ical'::text, 'caldav'::text]))),
    CONSTRAINT calendar_links_state_check CHECK ((state = ANY (ARRAY['active'::text, 'failing'::text, 'reconnect'::text]))),
    CONSTRAINT calendar_links_to_reconnect_are_not_read CHECK (((state <> 'reconnect'::text) OR (next_read_at IS NULL)))
);
ALTER TABLE ONLY standby.calendar_links ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.calendar_links FORCE ROW LEVEL SECURITY;

-- calendar_pushes; Type: TABLE
CREATE TABLE standby.calendar_pushes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    link_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    resource text,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT calendar_pushes_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.calendar_pushes ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.calendar_pushes FORCE ROW LEVEL SECURITY;

-- calendar_requests; Type: TABLE
CREATE TABLE standby.calendar_requests (
    tenant_id uuid NOT NULL,
    state_hash bytea NOT NULL,
    staff_id uuid NOT NULL,
    address text NOT NULL,
    secrets bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT calendar_requests_state_hash_check CHECK ((length(state_hash) = 32))
);
ALTER TABLE ONLY standby.calendar_requests ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.calendar_requests FORCE ROW LEVEL SECURITY;

-- callbacks; Type: TABLE
CREATE TABLE standby.callbacks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    provider text NOT NULL,
    digest bytea NOT NULL,
    sender text NOT NULL,
    query text NOT NULL,
    body bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    again_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    CONSTRAINT callbacks_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT callbacks_provider_check CHECK ((provider = ANY (ARRAY['whatsapp'::text, 'twilio'::text, 'sendgrid'::text])))
);
ALTER TABLE ONLY standby.callbacks ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.callbacks FORCE ROW LEVEL SECURITY;

-- channel_pauses; Type: TABLE
CREATE TABLE standby.channel_pauses (
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    failures integer NOT NULL,
    refused boolean NOT NULL,
    paused_until timestamp with time zone NOT NULL,
    reason text NOT NULL,
    CONSTRAINT channel_pauses_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]))),
    CONSTRAINT channel_pauses_failures_check CHECK ((failures >= 0))
)
WITH (fillfactor='50');
ALTER TABLE ONLY standby.channel_pauses ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.channel_pauses FORCE ROW LEVEL SECURITY;

-- consents; Type: TABLE
CREATE TABLE standby.consents (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    channel text NOT NULL,
    granted boolean NOT NULL,
    text_version text NOT NULL,
    source text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT consents_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text])))
);
ALTER TABLE ONLY standby.consents ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.consents FORCE ROW LEVEL SECURITY;

-- counted_visits; Type: TABLE
CREATE TABLE standby.counted_visits (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    service_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    weekday smallint NOT NULL,
    hour smallint NOT NULL,
    weight numeric NOT NULL,
    CONSTRAINT counted_visits_hour_check CHECK (((hour >= 0) AND (hour <= 23))),
    CONSTRAINT counted_visits_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7))),
    CONSTRAINT counted_visits_weight_check CHECK ((weight > (0)::numeric))
);
ALTER TABLE ONLY standby.counted_visits ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.counted_visits FORCE ROW LEVEL SECURITY;

-- customers; Type: TABLE
CREATE TABLE standby.customers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    phone text,
    email text,
    vip boolean DEFAULT false NOT NULL,
    channels text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    wrote_whatsapp_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT customers_can_be_reached CHECK (((erased_at IS NOT NULL) OR (phone IS NOT NULL) OR (email IS NOT NULL))),
    CONSTRAINT customers_channels_check CHECK ((channels <@ ARRAY['whatsapp'::text, 'sms'::text, 'email'::text])),
    CONSTRAINT customers_email_check CHECK ((email ~~ '%_@_%'::text)),
    CONSTRAINT customers_erased_whole CHECK (((erased_at IS NULL) OR ((phone IS NULL) AND (email IS NULL) AND (channels = '{}'::text[])))),
    CONSTRAINT customers_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT customers_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text))
);
ALTER TABLE ONLY standby.customers ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.customers FORCE ROW LEVEL SECURITY;

-- former_bookings; Type: TABLE
CREATE TABLE standby.former_bookings (
    tenant_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY standby.former_bookings ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.former_bookings FORCE ROW LEVEL SECURITY;

-- history; Type: TABLE
CREATE TABLE standby.history (
    tenant_id uuid NOT NULL,
    id bigint NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    from_state text,
    to_state text,
    reason text NOT NULL,
    actor text NOT NULL,
    at timestamp with time zone NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE ONLY standby.history ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.history FORCE ROW LEVEL SECURITY;

-- history_id_seq; Type: SEQUENCE
ALTER TABLE standby.history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME standby.history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- idempotency_keys; Type: TABLE
CREATE TABLE standby.idempotency_keys (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint,
    body bytea,
    at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_keys_fingerprint_check CHECK ((length(fingerprint) = 32)),
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);
ALTER TABLE ONLY standby.idempotency_keys ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.idempotency_keys FORCE ROW LEVEL SECURITY;

-- imports; Type: TABLE
CREATE TABLE standby.imports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    state text NOT NULL,
    files bytea,
    skip boolean DEFAULT false NOT NULL,
    rows_done integer DEFAULT 0 NOT NULL,
    rows_total integer,
    attempts integer DEFAULT 0 NOT NULL,
    author jsonb NOT NULL,
    told jsonb,
    asked_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    look_at timestamp with time zone NOT NULL,
    CONSTRAINT imports_need_files CHECK (((files IS NOT NULL) OR (state = ANY (ARRAY['written'::text, 'stopped'::text])))),
    CONSTRAINT imports_state_check CHECK ((state = ANY (ARRAY['checking'::text, 'checked'::text, 'writing'::text, 'written'::text, 'stopped'::text])))
);
ALTER TABLE ONLY standby.imports ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.imports FORCE ROW LEVEL SECURITY;

-- invitations; Type: TABLE
CREATE TABLE standby.invitations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    role text NOT NULL,
    invited_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'staff'::text, 'viewer'::text])))
);
ALTER TABLE ONLY standby.invitations ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.invitations FORCE ROW LEVEL SECURITY;

-- letters; Type: TABLE
CREATE TABLE standby.letters (
    id uuid NOT NULL,
    kind text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL,
    details jsonb NOT NULL,
    lifetime interval NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    lease_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    failure text,
    token_hash bytea,
    ends_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT letters_kind_check CHECK ((kind = ANY (ARRAY['sign_up'::text, 'reset'::text, 'invitation'::text, 'email'::text, 'email_asked'::text]))),
    CONSTRAINT letters_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.letters FORCE ROW LEVEL SECURITY;

-- memberships; Type: TABLE
CREATE TABLE standby.memberships (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'staff'::text, 'viewer'::text])))
);
ALTER TABLE ONLY standby.memberships ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.memberships FORCE ROW LEVEL SECURITY;

-- message_events; Type: TABLE
CREATE TABLE standby.message_events (
    tenant_id uuid NOT NULL,
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    event text NOT NULL,
    channel text,
    details text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    segments integer,
    CONSTRAINT message_events_event_check CHECK ((event = ANY (ARRAY['sent'::text, 'deferred'::text, 'retry'::text, 'failed'::text, 'uncertain'::text, 'dropped'::text, 'opted_out'::text, 'stopped'::text, 'delivered'::text, 'read'::text, 'undelivered'::text, 'settled'::text, 'needs_template'::text]))),
    CONSTRAINT message_events_segments_check CHECK ((segments > 0))
);
ALTER TABLE ONLY standby.message_events ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.message_events FORCE ROW LEVEL SECURITY;

-- message_events_id_seq; Type: SEQUENCE
ALTER TABLE standby.message_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME standby.message_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- messages; Type: TABLE
CREATE TABLE standby.messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid,
    offer_id uuid,
    booking_id uuid,
    slot_id uuid,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    status text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    resends integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    lease_expires_at timestamp with time zone,
    lease_id uuid,
    rate_granted boolean DEFAULT false NOT NULL,
    channels text[] NOT NULL,
    channel text,
    failed_channels text[] DEFAULT '{}'::text[] NOT NULL,
    provider text,
    provider_id text,
    sent_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    delivery text,
    delivery_id text,
    address text,
    reply_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    granted_sender text,
    CONSTRAINT messages_about_a_time CHECK (((slot_id IS NOT NULL) OR (kind = ANY (ARRAY['help'::text, 'which_one'::text, 'stopped'::text, 'started'::text, 'verify_code'::text, 'by_hand'::text])))),
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]))),
    CONSTRAINT messages_check CHECK (((status = 'queued'::text) = (next_attempt_at IS NOT NULL))),
    CONSTRAINT messages_check1 CHECK (((status = 'sending'::text) = (lease_expires_at IS NOT NULL))),
    CONSTRAINT messages_check2 CHECK (((status = 'sending'::text) = (lease_id IS NOT NULL))),
    CONSTRAINT messages_check3 CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT messages_delivery_check CHECK ((delivery = ANY (ARRAY['sent'::text, 'failed'::text, 'delivered'::text, 'read'::text]))),
    CONSTRAINT messages_kind_check CHECK ((kind = ANY (ARRAY['offer'::text, 'offer_reminder'::text, 'booked'::text, 'too_late'::text, 'passed_on'::text, 'booking_confirmed'::text, 'reminder'::text, 'changed'::text, 'cancelled'::text, 'verify_code'::text, 'help'::text, 'help_booking'::text, 'call_salon'::text, 'which_one'::text, 'stopped'::text, 'started'::text, 'by_hand'::text]))),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'uncertain'::text, 'dropped'::text]))),
    CONSTRAINT messages_to_somebody CHECK (((customer_id IS NOT NULL) OR (kind = 'verify_code'::text)))
);
ALTER TABLE ONLY standby.messages ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.messages FORCE ROW LEVEL SECURITY;

-- notices; Type: TABLE
CREATE TABLE standby.notices (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    details jsonb NOT NULL,
    dedupe_key text NOT NULL,
    at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    CONSTRAINT notices_kind_check CHECK ((kind = ANY (ARRAY['quota_used_up'::text, 'sender_refused'::text, 'reminder_failed'::text, 'calendar_failing'::text, 'calendar_reconnect'::text, 'webhook_ended'::text])))
);
ALTER TABLE ONLY standby.notices ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.notices FORCE ROW LEVEL SECURITY;

-- offer_tokens; Type: TABLE
CREATE TABLE standby.offer_tokens (
    tenant_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    lease_id uuid NOT NULL,
    CONSTRAINT offer_tokens_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.offer_tokens ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.offer_tokens FORCE ROW LEVEL SECURITY;

-- offers; Type: TABLE
CREATE TABLE standby.offers (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    slot_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    status text NOT NULL,
    exclusive boolean DEFAULT true NOT NULL,
    score integer NOT NULL,
    breakdown jsonb NOT NULL,
    window_seconds integer NOT NULL,
    reminder_lead_seconds integer NOT NULL,
    cooldown_seconds integer NOT NULL,
    max_misses integer NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    remind_at timestamp with time zone,
    reminded_at timestamp with time zone,
    booking_id uuid,
    ended_at timestamp with time zone,
    reason text NOT NULL,
    actor text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT offers_check CHECK ((offered_at < expires_at)),
    CONSTRAINT offers_check1 CHECK (((status = 'pending'::text) = (ended_at IS NULL))),
    CONSTRAINT offers_check2 CHECK (((status = 'accepted'::text) = (booking_id IS NOT NULL))),
    CONSTRAINT offers_check3 CHECK (((remind_at IS NULL) OR (status = 'pending'::text))),
    CONSTRAINT offers_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'withdrawn'::text])))
);
ALTER TABLE ONLY standby.offers ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.offers FORCE ROW LEVEL SECURITY;

-- pgqueuer; Type: TABLE
CREATE TABLE standby.pgqueuer (
    id bigint NOT NULL,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    execute_after timestamp with time zone DEFAULT now() NOT NULL,
    status standby.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer DEFAULT 0 NOT NULL,
    slot bigint
);

-- pgqueuer_id_seq; Type: SEQUENCE
CREATE SEQUENCE standby.pgqueuer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- pgqueuer_id_seq; Type: SEQUENCE OWNED BY
ALTER SEQUENCE standby.pgqueuer_id_seq OWNED BY standby.pgqueuer.id;

-- pgqueuer_log; Type: TABLE
CREATE TABLE standby.pgqueuer_log (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    job_id bigint NOT NULL,
    status standby.pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

-- pgqueuer_log_id_seq; Type: SEQUENCE
ALTER TABLE standby.pgqueuer_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME standby.pgqueuer_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- pgqueuer_schedules; Type: TABLE
CREATE TABLE standby.pgqueuer_schedules (
    id bigint NOT NULL,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    updated timestamp with time zone DEFAULT now() NOT NULL,
    next_run timestamp with time zone DEFAULT now() NOT NULL,
    last_run timestamp with time zone,
    status standby.pgqueuer_status DEFAULT 'queued'::standby.pgqueuer_status
);

-- pgqueuer_schedules_id_seq; Type: SEQUENCE
CREATE SEQUENCE standby.pgqueuer_schedules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- pgqueuer_schedules_id_seq; Type: SEQUENCE OWNED BY
ALTER SEQUENCE standby.pgqueuer_schedules_id_seq OWNED BY standby.pgqueuer_schedules.id;

-- pgqueuer_statistics; Type: TABLE
CREATE TABLE standby.pgqueuer_statistics (
    id bigint NOT NULL,
    created timestamp with time zone DEFAULT date_trunc('sec'::text, now()) NOT NULL,
    count bigint NOT NULL,
    priority integer NOT NULL,
    status standby.pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

-- pgqueuer_statistics_id_seq; Type: SEQUENCE
CREATE SEQUENCE standby.pgqueuer_statistics_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- pgqueuer_statistics_id_seq; Type: SEQUENCE OWNED BY
ALTER SEQUENCE standby.pgqueuer_statistics_id_seq OWNED BY standby.pgqueuer_statistics.id;

-- policies; Type: TABLE
CREATE TABLE standby.policies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    service_id uuid,
    offer_window_seconds integer,
    reminder_lead_seconds integer,
    cooldown_seconds integer,
    max_misses integer,
    max_active_entries integer,
    minimum_notice_seconds integer,
    grace_seconds integer,
    messages_per_minute integer,
    messages_per_day integer,
    channel_order text[],
    quiet_from_minute integer,
    quiet_until_minute integer,
    change_notice_seconds integer,
    max_customer_moves smallint,
    time_step_minutes smallint,
    reminders text,
    prefer_favourites boolean,
    reminders_marked timestamp with time zone,
    reminders_pass bigint,
    max_future_bookings smallint,
    CONSTRAINT policies_change_notice_seconds_check CHECK (((change_notice_seconds >= 0) AND (change_notice_seconds <= 2592000))),
    CONSTRAINT policies_channel_order_check CHECK (((channel_order <@ ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]) AND (cardinality(channel_order) > 0))),
    CONSTRAINT policies_cooldown_seconds_check CHECK (((cooldown_seconds >= 0) AND (cooldown_seconds <= 2592000))),
    CONSTRAINT policies_default_is_whole CHECK (((service_id IS NOT NULL) OR (num_nulls(offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, max_active_entries, minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day, channel_order, quiet_from_minute, quiet_until_minute, change_notice_seconds, max_customer_moves, time_step_minutes, reminders, prefer_favourites) = 0))),
    CONSTRAINT policies_grace_seconds_check CHECK (((grace_seconds >= 0) AND (grace_seconds <= 86400))),
    CONSTRAINT policies_max_active_entries_check CHECK (((max_active_entries >= 1) AND (max_active_entries <= 100))),
    CONSTRAINT policies_max_customer_moves_check CHECK (((max_customer_moves >= 0) AND (max_customer_moves <= 100))),
    CONSTRAINT policies_max_future_bookings_check CHECK (((max_future_bookings >= 1) AND (max_future_bookings <= 100))),
    CONSTRAINT policies_max_misses_check CHECK (((max_misses >= 1) AND (max_misses <= 100))),
    CONSTRAINT policies_messages_per_day_check CHECK (((messages_per_day >= 1) AND (messages_per_day <= 1000000))),
    CONSTRAINT policies_messages_per_minute_check CHECK (((messages_per_minute >= 1) AND (messages_per_minute <= 1000000))),
    CONSTRAINT policies_minimum_notice_seconds_check CHECK (((minimum_notice_seconds >= 0) AND (minimum_notice_seconds <= 2592000))),
    CONSTRAINT policies_offer_window_seconds_check CHECK (((offer_window_seconds >= 1) AND (offer_window_seconds <= 86400))),
    CONSTRAINT policies_quiet_from_minute_check CHECK (((quiet_from_minute >= 0) AND (quiet_from_minute <= 1439))),
    CONSTRAINT policies_quiet_hours_are_the_salons CHECK (((service_id IS NULL) OR (num_nulls(quiet_from_minute, quiet_until_minute) = 2))),
    CONSTRAINT policies_quiet_until_minute_check CHECK (((quiet_until_minute >= 0) AND (quiet_until_minute <= 1439))),
    CONSTRAINT policies_rate_is_the_salons CHECK (((service_id IS NULL) OR (messages_per_minute IS NULL))),
    CONSTRAINT policies_reminder_lead_seconds_check CHECK (((reminder_lead_seconds >= 0) AND (reminder_lead_seconds <= 86400))),
    CONSTRAINT policies_reminders_check CHECK ((reminders ~ '^(none|every_2_hours|24h_and_2h|[1-9][0-9]{0,5}(,[1-9][0-9]{0,5}){0,9})$'::text)),
    CONSTRAINT policies_time_step_minutes_check CHECK (((time_step_minutes >= 5) AND (time_step_minutes <= 240)))
);
ALTER TABLE ONLY standby.policies ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.policies FORCE ROW LEVEL SECURITY;

-- preferences; Type: TABLE
CREATE TABLE standby.preferences (
    tenant_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    aspect text NOT NULL,
    value text NOT NULL,
    visits integer NOT NULL,
    weight numeric NOT NULL,
    favourite boolean NOT NULL,
    CONSTRAINT preferences_aspect_check CHECK ((aspect = ANY (ARRAY['service'::text, 'staff'::text, 'weekday'::text, 'hour'::text]))),
    CONSTRAINT preferences_visits_check CHECK ((visits > 0)),
    CONSTRAINT preferences_weight_check CHECK ((weight > (0)::numeric))
);
ALTER TABLE ONLY standby.preferences ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.preferences FORCE ROW LEVEL SECURITY;

-- public_limits; Type: TABLE
CREATE UNLOGGED TABLE standby.public_limits (
    key bytea NOT NULL,
    tat timestamp with time zone NOT NULL,
    CONSTRAINT public_limits_key_check CHECK ((length(key) = 32))
)
WITH (fillfactor='50');

-- queue_pauses; Type: TABLE
CREATE TABLE standby.queue_pauses (
    queue text NOT NULL,
    paused_at timestamp with time zone NOT NULL,
    paused_by text NOT NULL
);

-- quotas; Type: TABLE
CREATE TABLE standby.quotas (
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    monthly_limit integer,
    unit_cost numeric(10,4) NOT NULL,
    currency text NOT NULL,
    CONSTRAINT quotas_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]))),
    CONSTRAINT quotas_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT quotas_monthly_limit_check CHECK ((monthly_limit >= 0)),
    CONSTRAINT quotas_unit_cost_check CHECK ((unit_cost >= (0)::numeric))
);
ALTER TABLE ONLY standby.quotas ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.quotas FORCE ROW LEVEL SECURITY;

-- rate_limits; Type: TABLE
CREATE TABLE standby.rate_limits (
    tenant_id uuid NOT NULL,
    key text NOT NULL,
    tat timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
ALTER TABLE ONLY standby.rate_limits ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.rate_limits FORCE ROW LEVEL SECURITY;

-- recovery_codes; Type: TABLE
CREATE TABLE standby.recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT recovery_codes_code_hash_check CHECK ((length(code_hash) = 32))
);
ALTER TABLE ONLY standby.recovery_codes FORCE ROW LEVEL SECURITY;

-- refresh_tokens; Type: TABLE
CREATE TABLE standby.refresh_tokens (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    session_id uuid NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT refresh_tokens_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.refresh_tokens FORCE ROW LEVEL SECURITY;

-- reminder_passes; Type: SEQUENCE
CREATE SEQUENCE standby.reminder_passes
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- replies; Type: TABLE
CREATE TABLE standby.replies (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    provider_id text NOT NULL,
    customer_id uuid,
    sender text,
    text text NOT NULL,
    button text,
    outcome text DEFAULT 'unread'::text NOT NULL,
    offer_id uuid,
    written_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    handled_at timestamp with time zone,
    handled_by text,
    CONSTRAINT replies_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text]))),
    CONSTRAINT replies_check CHECK (((handled_at IS NULL) = (handled_by IS NULL)))
);
ALTER TABLE ONLY standby.replies ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.replies FORCE ROW LEVEL SECURITY;

-- saved_views; Type: TABLE
CREATE TABLE standby.saved_views (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    filters jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY standby.saved_views ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.saved_views FORCE ROW LEVEL SECURITY;

-- senders; Type: TABLE
CREATE TABLE standby.senders (
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    provider text NOT NULL,
    address text NOT NULL,
    options jsonb NOT NULL,
    secrets bytea NOT NULL,
    version uuid NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    route text GENERATED ALWAYS AS (
CASE provider
    WHEN 'whatsapp'::text THEN COALESCE((options ->> 'phone_number_id'::text), ''::text)
    WHEN 'twilio'::text THEN COALESCE((options ->> 'account_sid'::text), ''::text)
    ELSE (tenant_id)::text
END) STORED NOT NULL,
    heard_at timestamp with time zone,
    CONSTRAINT senders_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]))),
    CONSTRAINT senders_provider_check CHECK ((provider = ANY (ARRAY['whatsapp'::text, 'twilio'::text, 'sendgrid'::text, 'smtp'::text])))
);
ALTER TABLE ONLY standby.senders ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.senders FORCE ROW LEVEL SECURITY;

-- services; Type: TABLE
CREATE TABLE standby.services (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    duration_minutes integer NOT NULL,
    price numeric(10,2),
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    buffer_before_minutes smallint DEFAULT 0 NOT NULL,
    buffer_after_minutes smallint DEFAULT 0 NOT NULL,
    CONSTRAINT services_buffer_after_minutes_check CHECK (((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))),
    CONSTRAINT services_buffer_before_minutes_check CHECK (((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240))),
    CONSTRAINT services_duration_minutes_check CHECK (((duration_minutes >= 5) AND (duration_minutes <= 1440))),
    CONSTRAINT services_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT services_price_check CHECK ((price >= (0)::numeric))
);
ALTER TABLE ONLY standby.services ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.services FORCE ROW LEVEL SECURITY;

-- sessions; Type: TABLE
CREATE TABLE standby.sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea,
    tenant_id uuid,
    needs_code boolean NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    idle interval NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT sessions_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE ONLY standby.sessions ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.sessions FORCE ROW LEVEL SECURITY;

-- slots; Type: TABLE
CREATE TABLE standby.slots (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    staff_id uuid NOT NULL,
    service_id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    hold_expires_at timestamp with time zone,
    fill_at timestamp with time zone,
    freed_by_customer_id uuid,
    checked_at timestamp with time zone,
    unfilled_reason text,
    reason text NOT NULL,
    actor text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    blocked_from timestamp with time zone,
    blocked_until timestamp with time zone,
    origin jsonb DEFAULT (NULLIF(current_setting('standby.origin'::text, true), ''::text))::jsonb,
    CONSTRAINT slots_check CHECK (((starts_at < ends_at) AND ((ends_at - starts_at) <= '24:00:00'::interval))),
    CONSTRAINT slots_check1 CHECK (((status = 'held'::text) = (hold_expires_at IS NOT NULL))),
    CONSTRAINT slots_check2 CHECK (((fill_at IS NULL) OR (status = 'open'::text))),
    CONSTRAINT slots_check3 CHECK (((blocked_from <= starts_at) AND (blocked_from >= (starts_at - '04:00:00'::interval)))),
    CONSTRAINT slots_check4 CHECK (((blocked_until >= ends_at) AND (blocked_until <= (ends_at + '04:00:00'::interval)))),
    CONSTRAINT slots_status_check CHECK ((status = ANY (ARRAY['open'::text, 'held'::text, 'booked'::text, 'cancelled'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY standby.slots ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.slots FORCE ROW LEVEL SECURITY;

-- staff; Type: TABLE
CREATE TABLE standby.staff (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY standby.staff ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.staff FORCE ROW LEVEL SECURITY;

-- staff_hours; Type: TABLE
CREATE TABLE standby.staff_hours (
    tenant_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    weekday smallint NOT NULL,
    opens_minute smallint NOT NULL,
    closes_minute smallint NOT NULL,
    CONSTRAINT staff_hours_check CHECK ((opens_minute < closes_minute)),
    CONSTRAINT staff_hours_closes_minute_check CHECK (((closes_minute >= 1) AND (closes_minute <= 1440))),
    CONSTRAINT staff_hours_opens_minute_check CHECK (((opens_minute >= 0) AND (opens_minute <= 1439))),
    CONSTRAINT staff_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);
ALTER TABLE ONLY standby.staff_hours ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.staff_hours FORCE ROW LEVEL SECURITY;

-- staff_services; Type: TABLE
CREATE TABLE standby.staff_services (
    tenant_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    service_id uuid NOT NULL
);
ALTER TABLE ONLY standby.staff_services ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.staff_services FORCE ROW LEVEL SECURITY;

-- story_counted; Type: TABLE
CREATE TABLE standby.story_counted (
    one boolean DEFAULT true NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT story_counted_one_check CHECK (one)
);

-- story_totals; Type: TABLE
CREATE TABLE standby.story_totals (
    metric text NOT NULL,
    labels text[] NOT NULL,
    amount bigint NOT NULL,
    seconds double precision NOT NULL,
    counts bigint[] NOT NULL
)
WITH (fillfactor='50');

-- tenants; Type: TABLE
CREATE TABLE standby.tenants (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    currency text NOT NULL,
    country text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    accent text,
    CONSTRAINT tenants_accent_check CHECK ((accent ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT tenants_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT tenants_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT tenants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT tenants_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);
ALTER TABLE ONLY standby.tenants FORCE ROW LEVEL SECURITY;

-- texts; Type: TABLE
CREATE TABLE standby.texts (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    subject text,
    body text,
    sms text,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT texts_body_check CHECK (((length(body) >= 1) AND (length(body) <= 900))),
    CONSTRAINT texts_say_something CHECK ((num_nonnulls(subject, body, sms) > 0)),
    CONSTRAINT texts_sms_check CHECK (((length(sms) >= 1) AND (length(sms) <= 459))),
    CONSTRAINT texts_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 150)))
);
ALTER TABLE ONLY standby.texts ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.texts FORCE ROW LEVEL SECURITY;

-- transitions; Type: TABLE
CREATE TABLE standby.transitions (
    entity text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL
);

-- usage; Type: TABLE
CREATE TABLE standby.usage (
    tenant_id uuid NOT NULL,
    month date NOT NULL,
    channel text NOT NULL,
    provider text NOT NULL,
    currency text NOT NULL,
    messages integer NOT NULL,
    segments integer NOT NULL,
    cost numeric(14,4) NOT NULL,
    CONSTRAINT usage_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'sms'::text, 'email'::text]))),
    CONSTRAINT usage_cost_check CHECK ((cost >= (0)::numeric)),
    CONSTRAINT usage_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT usage_messages_check CHECK ((messages >= 0)),
    CONSTRAINT usage_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT usage_segments_check CHECK ((segments >= 0))
)
WITH (fillfactor='50');
ALTER TABLE ONLY standby.usage ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.usage FORCE ROW LEVEL SECURITY;

-- users; Type: TABLE
CREATE TABLE standby.users (
    id uuid NOT NULL,
    email text NOT NULL,
    password_hash text,
    verified_at timestamp with time zone NOT NULL,
    locale text NOT NULL,
    is_operator boolean DEFAULT false NOT NULL,
    totp_secret bytea,
    totp_since timestamp with time zone,
    totp_counter bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT users_check CHECK (((totp_since IS NULL) OR (totp_secret IS NOT NULL))),
    CONSTRAINT users_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT users_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'nb'::text])))
);
ALTER TABLE ONLY standby.users FORCE ROW LEVEL SECURITY;

-- verifications; Type: TABLE
CREATE TABLE standby.verifications (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    phone text NOT NULL,
    purpose text NOT NULL,
    code_hash bytea,
    tries smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    token_hash bytea,
    token_expires_at timestamp with time zone,
    CONSTRAINT verifications_check CHECK (((token_hash IS NULL) = (token_expires_at IS NULL))),
    CONSTRAINT verifications_check1 CHECK (((token_hash IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT verifications_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT verifications_purpose_check CHECK ((purpose = ANY (ARRAY['booking'::text, 'waitlist'::text, 'data'::text]))),
    CONSTRAINT verifications_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT verifications_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
)
WITH (fillfactor='50');
ALTER TABLE ONLY standby.verifications ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.verifications FORCE ROW LEVEL SECURITY;

-- waitlist_entries; Type: TABLE
CREATE TABLE standby.waitlist_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    service_id uuid NOT NULL,
    staff_id uuid,
    earliest timestamp with time zone NOT NULL,
    latest timestamp with time zone NOT NULL,
    weekdays smallint[] DEFAULT '{1,2,3,4,5,6,7}'::smallint[] NOT NULL,
    from_minute smallint DEFAULT 0 NOT NULL,
    until_minute smallint DEFAULT 1440 NOT NULL,
    vip boolean DEFAULT false NOT NULL,
    priority_override integer,
    status text NOT NULL,
    misses integer DEFAULT 0 NOT NULL,
    cooldown_until timestamp with time zone,
    booking_id uuid,
    ended_at timestamp with time zone,
    joined_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    staff_wish uuid GENERATED ALWAYS AS (COALESCE(staff_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED NOT NULL,
    tier smallint GENERATED ALWAYS AS (
CASE
    WHEN (priority_override IS NOT NULL) THEN 2
    WHEN vip THEN 1
    ELSE 0
END) STORED NOT NULL,
    override_rank integer GENERATED ALWAYS AS (COALESCE(priority_override, 0)) STORED NOT NULL,
    CONSTRAINT waitlist_entries_check CHECK ((earliest < latest)),
    CONSTRAINT waitlist_entries_check1 CHECK (((0 <= from_minute) AND (from_minute < until_minute) AND (until_minute <= 1440))),
    CONSTRAINT waitlist_entries_check2 CHECK (((status = 'cooldown'::text) = (cooldown_until IS NOT NULL))),
    CONSTRAINT waitlist_entries_check3 CHECK (((status = 'booked'::text) = (booking_id IS NOT NULL))),
    CONSTRAINT waitlist_entries_check4 CHECK (((status = ANY (ARRAY['booked'::text, 'expired'::text, 'cancelled'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT waitlist_entries_misses_check CHECK ((misses >= 0)),
    CONSTRAINT waitlist_entries_priority_override_check CHECK (((priority_override >= 0) AND (priority_override <= 1000))),
    CONSTRAINT waitlist_entries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'notified'::text, 'booked'::text, 'cooldown'::text, 'expired'::text, 'cancelled'::text]))),
    CONSTRAINT waitlist_entries_weekdays_check CHECK (((cardinality(weekdays) > 0) AND (weekdays <@ '{1,2,3,4,5,6,7}'::smallint[])))
);
ALTER TABLE ONLY standby.waitlist_entries ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.waitlist_entries FORCE ROW LEVEL SECURITY;

-- webhook_deliveries; Type: TABLE
CREATE TABLE standby.webhook_deliveries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    seq bigint NOT NULL,
    event text NOT NULL,
    payload jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    status text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone,
    look_at timestamp with time zone,
    lease_until timestamp with time zone,
    status_code integer,
    answer text,
    error text,
    milliseconds integer,
    attempted_at timestamp with time zone,
    CONSTRAINT webhook_deliveries_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_deliveries_check CHECK (((status = 'pending'::text) = (next_attempt_at IS NOT NULL))),
    CONSTRAINT webhook_deliveries_check1 CHECK (((status = 'pending'::text) = (look_at IS NOT NULL))),
    CONSTRAINT webhook_deliveries_check2 CHECK (((lease_until IS NULL) OR (status = 'pending'::text))),
    CONSTRAINT webhook_deliveries_milliseconds_check CHECK ((milliseconds >= 0)),
    CONSTRAINT webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dropped'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY standby.webhook_deliveries ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.webhook_deliveries FORCE ROW LEVEL SECURITY;

-- webhook_deliveries_seq_seq; Type: SEQUENCE
ALTER TABLE standby.webhook_deliveries ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME standby.webhook_deliveries_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- webhook_endpoints; Type: TABLE
CREATE TABLE standby.webhook_endpoints (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    events text[] NOT NULL,
    contacts boolean NOT NULL,
    secrets bytea NOT NULL,
    former_until timestamp with time zone,
    active boolean NOT NULL,
    disabled_reason text,
    failing_since timestamp with time zone,
    rest_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((disabled_reason IS NULL) OR (NOT active))),
    CONSTRAINT webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text])))
);
ALTER TABLE ONLY standby.webhook_endpoints ALTER COLUMN tenant_id SET STATISTICS 0;
ALTER TABLE ONLY standby.webhook_endpoints FORCE ROW LEVEL SECURITY;

-- work_minutes; Type: TABLE
CREATE TABLE standby.work_minutes (
    what text NOT NULL,
    minute timestamp with time zone NOT NULL,
    completed bigint NOT NULL,
    failed bigint NOT NULL,
    retried bigint NOT NULL,
    run_seconds double precision NOT NULL,
    run_counts bigint[] NOT NULL,
    wait_seconds double precision NOT NULL,
    wait_counts bigint[] NOT NULL
)
WITH (fillfactor='50');

-- workers; Type: TABLE
CREATE TABLE standby.workers (
    id uuid NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL,
    in_hand jsonb DEFAULT '{}'::jsonb NOT NULL
)
WITH (fillfactor='50');

-- pgqueuer id; Type: DEFAULT
ALTER TABLE ONLY standby.pgqueuer ALTER COLUMN id SET DEFAULT nextval('standby.pgqueuer_id_seq'::regclass);

-- pgqueuer_schedules id; Type: DEFAULT
ALTER TABLE ONLY standby.pgqueuer_schedules ALTER COLUMN id SET DEFAULT nextval('standby.pgqueuer_schedules_id_seq'::regclass);

-- pgqueuer_statistics id; Type: DEFAULT
ALTER TABLE ONLY standby.pgqueuer_statistics ALTER COLUMN id SET DEFAULT nextval('standby.pgqueuer_statistics_id_seq'::regclass);

-- api_keys api_keys_key_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);

-- api_keys api_keys_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id);

-- attempts attempts_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (key);

-- audit_log audit_log_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, id);

-- bookings bookings_no_overlap; Type: CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_no_overlap EXCLUDE USING gist (standby.uuid_range(staff_id, staff_id, '[]'::text) WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE ((status = 'confirmed'::text));

-- bookings bookings_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (tenant_id, id);

-- business_hours business_hours_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.business_hours
    ADD CONSTRAINT business_hours_pkey PRIMARY KEY (tenant_id, id);

-- business_hours business_hours_tenant_id_weekday_opens_minute_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.business_hours
    ADD CONSTRAINT business_hours_tenant_id_weekday_opens_minute_key UNIQUE (tenant_id, weekday, opens_minute);

-- busy_times busy_times_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.busy_times
    ADD CONSTRAINT busy_times_pkey PRIMARY KEY (tenant_id, link_id, event_id, starts_at);

-- calendar_events calendar_events_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_events
    ADD CONSTRAINT calendar_events_pkey PRIMARY KEY (tenant_id, id);

-- calendar_events calendar_events_tenant_id_link_id_booking_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_events
    ADD CONSTRAINT calendar_events_tenant_id_link_id_booking_id_key UNIQUE (tenant_id, link_id, booking_id);

-- calendar_feeds calendar_feeds_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_feeds
    ADD CONSTRAINT calendar_feeds_pkey PRIMARY KEY (tenant_id, id);

-- calendar_feeds calendar_feeds_tenant_id_staff_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_feeds
    ADD CONSTRAINT calendar_feeds_tenant_id_staff_id_key UNIQUE NULLS NOT DISTINCT (tenant_id, staff_id);

-- calendar_feeds calendar_feeds_token_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_feeds
    ADD CONSTRAINT calendar_feeds_token_hash_key UNIQUE (token_hash);

-- calendar_links calendar_links_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_links
    ADD CONSTRAINT calendar_links_pkey PRIMARY KEY (tenant_id, id);

-- calendar_links calendar_links_tenant_id_staff_id_kind_address_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_links
    ADD CONSTRAINT calendar_links_tenant_id_staff_id_kind_address_key UNIQUE (tenant_id, staff_id, kind, address);

-- calendar_pushes calendar_pushes_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_pushes
    ADD CONSTRAINT calendar_pushes_id_key UNIQUE (id);

-- calendar_pushes calendar_pushes_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_pushes
    ADD CONSTRAINT calendar_pushes_pkey PRIMARY KEY (tenant_id, id);

-- calendar_requests calendar_requests_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_requests
    ADD CONSTRAINT calendar_requests_pkey PRIMARY KEY (tenant_id, state_hash);

-- calendar_requests calendar_requests_state_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.calendar_requests
    ADD CONSTRAINT calendar_requests_state_hash_key UNIQUE (state_hash);

-- callbacks callbacks_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.callbacks
    ADD CONSTRAINT callbacks_pkey PRIMARY KEY (tenant_id, id);

-- callbacks callbacks_tenant_id_provider_digest_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.callbacks
    ADD CONSTRAINT callbacks_tenant_id_provider_digest_key UNIQUE (tenant_id, provider, digest);

-- channel_pauses channel_pauses_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.channel_pauses
    ADD CONSTRAINT channel_pauses_pkey PRIMARY KEY (tenant_id, channel);

-- closures closures_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.closures
    ADD CONSTRAINT closures_pkey PRIMARY KEY (tenant_id, id);

-- consents consents_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (tenant_id, id);

-- counted_visits counted_visits_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.counted_visits
    ADD CONSTRAINT counted_visits_pkey PRIMARY KEY (tenant_id, customer_id, booking_id);

-- customers customers_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, id);

-- former_bookings former_bookings_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.former_bookings
    ADD CONSTRAINT former_bookings_pkey PRIMARY KEY (tenant_id, staff_id, booking_id);

-- history history_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (tenant_id, id);

-- idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, key);

-- imports imports_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.imports
    ADD CONSTRAINT imports_id_key UNIQUE (id);

-- imports imports_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (tenant_id);

-- invitations invitations_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id);

-- invitations invitations_tenant_id_email_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.invitations
    ADD CONSTRAINT invitations_tenant_id_email_key UNIQUE (tenant_id, email);

-- letters letters_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (id);

-- letters letters_token_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.letters
    ADD CONSTRAINT letters_token_hash_key UNIQUE (token_hash);

-- memberships memberships_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, user_id);

-- message_events message_events_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.message_events
    ADD CONSTRAINT message_events_pkey PRIMARY KEY (tenant_id, id);

-- messages messages_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id);

-- messages messages_tenant_id_dedupe_key_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_dedupe_key_key UNIQUE (tenant_id, dedupe_key);

-- notices notices_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (tenant_id, id);

-- notices notices_tenant_id_dedupe_key_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.notices
    ADD CONSTRAINT notices_tenant_id_dedupe_key_key UNIQUE (tenant_id, dedupe_key);

-- offer_tokens offer_tokens_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.offer_tokens
    ADD CONSTRAINT offer_tokens_pkey PRIMARY KEY (tenant_id, offer_id, token_hash);

-- offer_tokens offer_tokens_token_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.offer_tokens
    ADD CONSTRAINT offer_tokens_token_hash_key UNIQUE (token_hash);

-- offers offers_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.offers
    ADD CONSTRAINT offers_pkey PRIMARY KEY (tenant_id, id);

-- pgqueuer_log pgqueuer_log_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.pgqueuer_log
    ADD CONSTRAINT pgqueuer_log_pkey PRIMARY KEY (id);

-- pgqueuer pgqueuer_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.pgqueuer
    ADD CONSTRAINT pgqueuer_pkey PRIMARY KEY (id);

-- pgqueuer_schedules pgqueuer_schedules_expression_entrypoint_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_expression_entrypoint_key UNIQUE (expression, entrypoint);

-- pgqueuer_schedules pgqueuer_schedules_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.pgqueuer_schedules
    ADD CONSTRAINT pgqueuer_schedules_pkey PRIMARY KEY (id);

-- pgqueuer_statistics pgqueuer_statistics_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.pgqueuer_statistics
    ADD CONSTRAINT pgqueuer_statistics_pkey PRIMARY KEY (id);

-- policies policies_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (tenant_id, id);

-- policies policies_tenant_id_service_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.policies
    ADD CONSTRAINT policies_tenant_id_service_id_key UNIQUE NULLS NOT DISTINCT (tenant_id, service_id);

-- preferences preferences_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.preferences
    ADD CONSTRAINT preferences_pkey PRIMARY KEY (tenant_id, customer_id, aspect, value);

-- public_limits public_limits_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.public_limits
    ADD CONSTRAINT public_limits_pkey PRIMARY KEY (key);

-- queue_pauses queue_pauses_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.queue_pauses
    ADD CONSTRAINT queue_pauses_pkey PRIMARY KEY (queue);

-- quotas quotas_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.quotas
    ADD CONSTRAINT quotas_pkey PRIMARY KEY (tenant_id, channel);

-- rate_limits rate_limits_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (tenant_id, key);

-- recovery_codes recovery_codes_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);

-- refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);

-- replies replies_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.replies
    ADD CONSTRAINT replies_pkey PRIMARY KEY (tenant_id, id);

-- replies replies_tenant_id_channel_provider_id_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.replies
    ADD CONSTRAINT replies_tenant_id_channel_provider_id_key UNIQUE (tenant_id, channel, provider_id);

-- saved_views saved_views_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (tenant_id, id);

-- saved_views saved_views_tenant_id_name_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.saved_views
    ADD CONSTRAINT saved_views_tenant_id_name_key UNIQUE (tenant_id, name);

-- senders senders_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.senders
    ADD CONSTRAINT senders_pkey PRIMARY KEY (tenant_id, channel);

-- services services_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.services
    ADD CONSTRAINT services_pkey PRIMARY KEY (tenant_id, id);

-- services services_tenant_id_name_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.services
    ADD CONSTRAINT services_tenant_id_name_key UNIQUE (tenant_id, name);

-- sessions sessions_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

-- sessions sessions_token_hash_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

-- slots slots_no_overlap; Type: CONSTRAINT
ALTER TABLE ONLY standby.slots
    ADD CONSTRAINT slots_no_overlap EXCLUDE USING gist (standby.uuid_range(staff_id, staff_id, '[]'::text) WITH &&, tstzrange(COALESCE(blocked_from, starts_at), COALESCE(blocked_until, ends_at)) WITH &&) WHERE ((status = ANY (ARRAY['held'::text, 'booked'::text])));

-- slots slots_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.slots
    ADD CONSTRAINT slots_pkey PRIMARY KEY (tenant_id, id);

-- staff_hours staff_hours_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.staff_hours
    ADD CONSTRAINT staff_hours_pkey PRIMARY KEY (tenant_id, staff_id, weekday, opens_minute);

-- staff staff_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (tenant_id, id);

-- staff_services staff_services_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.staff_services
    ADD CONSTRAINT staff_services_pkey PRIMARY KEY (tenant_id, staff_id, service_id);

-- staff staff_tenant_id_name_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.staff
    ADD CONSTRAINT staff_tenant_id_name_key UNIQUE (tenant_id, name);

-- story_counted story_counted_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.story_counted
    ADD CONSTRAINT story_counted_pkey PRIMARY KEY (one);

-- story_totals story_totals_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.story_totals
    ADD CONSTRAINT story_totals_pkey PRIMARY KEY (metric, labels);

-- tenants tenants_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

-- tenants tenants_slug_key; Type: CONSTRAINT
ALTER TABLE ONLY standby.tenants
    ADD CONSTRAINT tenants_slug_key UNIQUE (slug);

-- texts texts_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.texts
    ADD CONSTRAINT texts_pkey PRIMARY KEY (tenant_id, kind, language);

-- transitions transitions_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.transitions
    ADD CONSTRAINT transitions_pkey PRIMARY KEY (entity, from_state, to_state);

-- usage usage_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.usage
    ADD CONSTRAINT usage_pkey PRIMARY KEY (tenant_id, month, channel, provider, currency);

-- users users_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

-- verifications verifications_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (tenant_id, id);

-- waitlist_entries waitlist_entries_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.waitlist_entries
    ADD CONSTRAINT waitlist_entries_pkey PRIMARY KEY (tenant_id, id);

-- webhook_deliveries webhook_deliveries_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (tenant_id, id);

-- webhook_endpoints webhook_endpoints_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (tenant_id, id);

-- work_minutes work_minutes_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.work_minutes
    ADD CONSTRAINT work_minutes_pkey PRIMARY KEY (what, minute);

-- workers workers_pkey; Type: CONSTRAINT
ALTER TABLE ONLY standby.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);

-- audit_log_by_entity; Type: INDEX
CREATE INDEX audit_log_by_entity ON standby.audit_log USING btree (tenant_id, entity_id, id);

-- bookings_by_customer; Type: INDEX
CREATE INDEX bookings_by_customer ON standby.bookings USING btree (tenant_id, customer_id, starts_at);

-- bookings_by_staff; Type: INDEX
CREATE INDEX bookings_by_staff ON standby.bookings USING btree (tenant_id, staff_id, starts_at);

-- bookings_by_time; Type: INDEX
CREATE INDEX bookings_by_time ON standby.bookings USING btree (tenant_id, starts_at, id);

-- bookings_from_waitlist; Type: INDEX
CREATE INDEX bookings_from_waitlist ON standby.bookings USING btree (tenant_id, service_id, created_at) WHERE (source = 'waitlist'::text);

-- bookings_one_per_slot; Type: INDEX
CREATE UNIQUE INDEX bookings_one_per_slot ON standby.bookings USING btree (tenant_id, slot_id) WHERE (status = 'confirmed'::text);

-- bookings_remind_due; Type: INDEX
CREATE INDEX bookings_remind_due ON standby.bookings USING btree (remind_at) WHERE (remind_at IS NOT NULL);

-- busy_times_by_staff; Type: INDEX
CREATE INDEX busy_times_by_staff ON standby.busy_times USING btree (tenant_id, staff_id, ends_at);

-- calendar_events_by_booking; Type: INDEX
CREATE INDEX calendar_events_by_booking ON standby.calendar_events USING btree (tenant_id, booking_id);

-- calendar_events_due; Type: INDEX
CREATE INDEX calendar_events_due ON standby.calendar_events USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

-- calendar_events_unwritten; Type: INDEX
CREATE INDEX calendar_events_unwritten ON standby.calendar_events USING btree (tenant_id, link_id) WHERE (written < wanted);

-- calendar_links_read_due; Type: INDEX
CREATE INDEX calendar_links_read_due ON standby.calendar_links USING btree (next_read_at) WHERE (next_read_at IS NOT NULL);

-- calendar_pushes_by_link; Type: INDEX
CREATE INDEX calendar_pushes_by_link ON standby.calendar_pushes USING btree (tenant_id, link_id);

-- callbacks_read; Type: INDEX
CREATE INDEX callbacks_read ON standby.callbacks USING btree (read_at) WHERE (read_at IS NOT NULL);

-- callbacks_unread; Type: INDEX
CREATE INDEX callbacks_unread ON standby.callbacks USING btree (again_at) WHERE (read_at IS NULL);

-- closures_by_time; Type: INDEX
CREATE INDEX closures_by_time ON standby.closures USING btree (tenant_id, ends_at);

-- consents_by_customer; Type: INDEX
CREATE INDEX consents_by_customer ON standby.consents USING btree (tenant_id, customer_id, at);

-- customers_by_email; Type: INDEX
CREATE INDEX customers_by_email ON standby.customers USING btree (tenant_id, lower(email)) WHERE (email IS NOT NULL);

-- customers_by_phone; Type: INDEX
CREATE UNIQUE INDEX customers_by_phone ON standby.customers USING btree (tenant_id, phone) WHERE (phone IS NOT NULL);

-- former_bookings_by_staff; Type: INDEX
CREATE INDEX former_bookings_by_staff ON standby.former_bookings USING btree (tenant_id, staff_id, starts_at);

-- history_by_entity; Type: INDEX
CREATE INDEX history_by_entity ON standby.history USING btree (tenant_id, entity_id, id);

-- history_by_time; Type: INDEX
CREATE INDEX history_by_time ON standby.history USING brin (at) WITH (pages_per_range='16', autosummarize='on');

-- history_opened_slots; Type: INDEX
CREATE INDEX history_opened_slots ON standby.history USING btree (tenant_id, at, entity_id) WHERE ((entity = 'slot'::text) AND (from_state IS NULL) AND (to_state = 'open'::text));

-- idempotency_keys_by_age; Type: INDEX
CREATE INDEX idempotency_keys_by_age ON standby.idempotency_keys USING btree (at);

-- imports_look_at; Type: INDEX
CREATE INDEX imports_look_at ON standby.imports USING btree (look_at);

-- letters_by_account; Type: INDEX
CREATE INDEX letters_by_account ON standby.letters USING btree (((details ->> 'account'::text))) WHERE ((kind = 'email'::text) AND (used_at IS NULL));

-- letters_by_email; Type: INDEX
CREATE INDEX letters_by_email ON standby.letters USING btree (email, kind) WHERE (used_at IS NULL);

-- letters_due; Type: INDEX
CREATE INDEX letters_due ON standby.letters USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL);

-- memberships_by_user; Type: INDEX
CREATE INDEX memberships_by_user ON standby.memberships USING btree (user_id);

-- message_events_by_message; Type: INDEX
CREATE INDEX message_events_by_message ON standby.message_events USING btree (tenant_id, message_id, id);

-- message_events_by_time; Type: INDEX
CREATE INDEX message_events_by_time ON standby.message_events USING brin (at) WITH (pages_per_range='16', autosummarize='on');

-- messages_attempt_due; Type: INDEX
CREATE INDEX messages_attempt_due ON standby.messages USING btree (next_attempt_at) WHERE (status = 'queued'::text);

-- messages_attempt_due_by_salon; Type: INDEX
CREATE INDEX messages_attempt_due_by_salon ON standby.messages USING btree (tenant_id, next_attempt_at, created_at, id) WHERE (next_attempt_at IS NOT NULL);

-- messages_by_booking; Type: INDEX
CREATE INDEX messages_by_booking ON standby.messages USING btree (tenant_id, booking_id) WHERE (booking_id IS NOT NULL);

-- messages_by_customer; Type: INDEX
CREATE INDEX messages_by_customer ON standby.messages USING btree (tenant_id, customer_id, created_at);

-- messages_by_offer; Type: INDEX
CREATE INDEX messages_by_offer ON standby.messages USING btree (tenant_id, offer_id);

-- messages_by_wamid; Type: INDEX
CREATE INDEX messages_by_wamid ON standby.messages USING btree (tenant_id, provider_id) WHERE ((channel = 'whatsapp'::text) AND (provider_id IS NOT NULL));

-- messages_in_line; Type: INDEX
CREATE INDEX messages_in_line ON standby.messages USING btree (tenant_id, created_at, id) WHERE ((next_attempt_at IS NOT NULL) AND (NOT rate_granted));

-- messages_lease_due; Type: INDEX
CREATE INDEX messages_lease_due ON standby.messages USING btree (lease_expires_at) WHERE (status = 'sending'::text);

-- messages_listed; Type: INDEX
CREATE INDEX messages_listed ON standby.messages USING btree (tenant_id, created_at DESC, id DESC);

-- notices_listed; Type: INDEX
CREATE INDEX notices_listed ON standby.notices USING btree (tenant_id, ((seen_at IS NULL)) DESC, at DESC, id DESC);

-- offers_by_customer; Type: INDEX
CREATE INDEX offers_by_customer ON standby.offers USING btree (tenant_id, customer_id, slot_id);

-- offers_by_slot; Type: INDEX
CREATE INDEX offers_by_slot ON standby.offers USING btree (tenant_id, slot_id, offered_at);

-- offers_expiry_due; Type: INDEX
CREATE INDEX offers_expiry_due ON standby.offers USING btree (expires_at) WHERE (status = 'pending'::text);

-- offers_one_accepted_per_slot; Type: INDEX
CREATE UNIQUE INDEX offers_one_accepted_per_slot ON standby.offers USING btree (tenant_id, slot_id) WHERE (status = 'accepted'::text);

-- offers_one_exclusive_per_slot; Type: INDEX
CREATE UNIQUE INDEX offers_one_exclusive_per_slot ON standby.offers USING btree (tenant_id, slot_id) WHERE ((status = 'pending'::text) AND exclusive);

-- offers_one_pending_per_entry; Type: INDEX
CREATE UNIQUE INDEX offers_one_pending_per_entry ON standby.offers USING btree (tenant_id, entry_id) WHERE (status = 'pending'::text);

-- offers_reminder_due; Type: INDEX
CREATE INDEX offers_reminder_due ON standby.offers USING btree (remind_at) WHERE (remind_at IS NOT NULL);

-- pgqueuer_deferred; Type: INDEX
CREATE INDEX pgqueuer_deferred ON standby.pgqueuer USING btree (execute_after) WHERE (status = 'queued'::standby.pgqueuer_status);

-- pgqueuer_ep_ea_idx; Type: INDEX
CREATE INDEX pgqueuer_ep_ea_idx ON standby.pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::standby.pgqueuer_status);

-- pgqueuer_ep_prio_id_idx; Type: INDEX
CREATE INDEX pgqueuer_ep_prio_id_idx ON standby.pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::standby.pgqueuer_status);

-- pgqueuer_log_created; Type: INDEX
CREATE INDEX pgqueuer_log_created ON standby.pgqueuer_log USING btree (created);

-- pgqueuer_log_job_id_status; Type: INDEX
CREATE INDEX pgqueuer_log_job_id_status ON standby.pgqueuer_log USING btree (job_id, created DESC);

-- pgqueuer_log_not_aggregated; Type: INDEX
CREATE INDEX pgqueuer_log_not_aggregated ON standby.pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

-- pgqueuer_log_status; Type: INDEX
CREATE INDEX pgqueuer_log_status ON standby.pgqueuer_log USING btree (status);

-- pgqueuer_picked_heartbeat_idx; Type: INDEX
CREATE INDEX pgqueuer_picked_heartbeat_idx ON standby.pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::standby.pgqueuer_status);

-- pgqueuer_picked_slot_idx; Type: INDEX
CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON standby.pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::standby.pgqueuer_status) AND (slot IS NOT NULL));

-- pgqueuer_priority_id_id1_idx; Type: INDEX
CREATE INDEX pgqueuer_priority_id_id1_idx ON standby.pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::standby.pgqueuer_status);

-- pgqueuer_queue_manager_id_idx; Type: INDEX
CREATE INDEX pgqueuer_queue_manager_id_idx ON standby.pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

-- pgqueuer_statistics_unique_count; Type: INDEX
CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON standby.pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

-- pgqueuer_unique_dedupe_key; Type: INDEX
CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON standby.pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::standby.pgqueuer_status, 'picked'::standby.pgqueuer_status])) AND (dedupe_key IS NOT NULL));

-- pgqueuer_updated_id_id1_idx; Type: INDEX
CREATE INDEX pgqueuer_updated_id_id1_idx ON standby.pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::standby.pgqueuer_status);

-- policies_marked; Type: INDEX
CREATE INDEX policies_marked ON standby.policies USING btree (reminders_marked) WHERE (reminders_marked IS NOT NULL);

-- public_limits_old; Type: INDEX
CREATE INDEX public_limits_old ON standby.public_limits USING btree (tat);

-- refresh_tokens_by_session; Type: INDEX
CREATE INDEX refresh_tokens_by_session ON standby.refresh_tokens USING btree (session_id);

-- replies_by_customer; Type: INDEX
CREATE INDEX replies_by_customer ON standby.replies USING btree (tenant_id, customer_id, received_at);

-- replies_inbox; Type: INDEX
CREATE INDEX replies_inbox ON standby.replies USING btree (tenant_id, received_at DESC, id DESC) WHERE (handled_at IS NULL);

-- replies_listed; Type: INDEX
CREATE INDEX replies_listed ON standby.replies USING btree (tenant_id, received_at DESC, id DESC);

-- senders_by_route; Type: INDEX
CREATE INDEX senders_by_route ON standby.senders USING btree (provider, route);

-- senders_one_salon_each; Type: INDEX
CREATE UNIQUE INDEX senders_one_salon_each ON standby.senders USING btree (provider, route, address, channel) WHERE (provider = ANY (ARRAY['whatsapp'::text, 'twilio'::text]));

-- sessions_by_end; Type: INDEX
CREATE INDEX sessions_by_end ON standby.sessions USING btree (ends_at);

-- sessions_by_user; Type: INDEX
CREATE INDEX sessions_by_user ON standby.sessions USING btree (user_id);

-- slots_by_time; Type: INDEX
CREATE INDEX slots_by_time ON standby.slots USING btree (tenant_id, starts_at);

-- slots_fill_due; Type: INDEX
CREATE INDEX slots_fill_due ON standby.slots USING btree (fill_at) WHERE (fill_at IS NOT NULL);

-- slots_held; Type: INDEX
CREATE INDEX slots_held ON standby.slots USING btree (tenant_id, id) WHERE (status = 'held'::text);

-- slots_open; Type: INDEX
CREATE INDEX slots_open ON standby.slots USING btree (tenant_id, service_id, starts_at) WHERE (status = 'open'::text);

-- slots_open_start; Type: INDEX
CREATE INDEX slots_open_start ON standby.slots USING btree (starts_at) WHERE (status = 'open'::text);

-- staff_services_by_service; Type: INDEX
CREATE INDEX staff_services_by_service ON standby.staff_services USING btree (tenant_id, service_id);

-- users_email; Type: INDEX
CREATE UNIQUE INDEX users_email ON standby.users USING btree (lower(email));

-- verifications_by_token; Type: INDEX
CREATE UNIQUE INDEX verifications_by_token ON standby.verifications USING btree (tenant_id, token_hash) WHERE (token_hash IS NOT NULL);

-- verifications_old; Type: INDEX
CREATE INDEX verifications_old ON standby.verifications USING btree (created_at);

-- verifications_open; Type: INDEX
CREATE UNIQUE INDEX verifications_open ON standby.verifications USING btree (tenant_id, phone) WHERE (ended_at IS NULL);

-- waitlist_entries_active; Type: INDEX
CREATE INDEX waitlist_entries_active ON standby.waitlist_entries USING btree (tenant_id, tier, override_rank DESC, joined_at, id) INCLUDE (status, service_id, staff_wish, customer_id, latest) WHERE (ended_at IS NULL);

-- waitlist_entries_cooldown_due; Type: INDEX
CREATE INDEX waitlist_entries_cooldown_due ON standby.waitlist_entries USING btree (cooldown_until) WHERE (status = 'cooldown'::text);

-- waitlist_entries_latest_due; Type: INDEX
CREATE INDEX waitlist_entries_latest_due ON standby.waitlist_entries USING btree (latest) WHERE (status = 'waiting'::text);

-- waitlist_entries_listed; Type: INDEX
CREATE INDEX waitlist_entries_listed ON standby.waitlist_entries USING btree (tenant_id, joined_at DESC, id DESC);

-- waitlist_entries_one_per_wish; Type: INDEX
CREATE UNIQUE INDEX waitlist_entries_one_per_wish ON standby.waitlist_entries USING btree (tenant_id, customer_id, service_id, staff_wish) WHERE (status = ANY (ARRAY['waiting'::text, 'notified'::text, 'cooldown'::text]));

-- waitlist_entries_places; Type: INDEX
CREATE INDEX waitlist_entries_places ON standby.waitlist_entries USING btree (tenant_id, service_id, tier DESC, override_rank DESC, joined_at, id) WHERE ((status = 'waiting'::text) AND (ended_at IS NULL));

-- waitlist_entries_ranked; Type: INDEX
CREATE INDEX waitlist_entries_ranked ON standby.waitlist_entries USING btree (tenant_id, service_id, staff_wish, tier, override_rank DESC, joined_at, id) INCLUDE (customer_id, earliest, latest, weekdays, from_minute, until_minute, vip) WHERE (status = 'waiting'::text);

-- webhook_deliveries_due; Type: INDEX
CREATE INDEX webhook_deliveries_due ON standby.webhook_deliveries USING btree (look_at) WHERE (look_at IS NOT NULL);

-- webhook_deliveries_in_line; Type: INDEX
CREATE INDEX webhook_deliveries_in_line ON standby.webhook_deliveries USING btree (tenant_id, endpoint_id, next_attempt_at, seq) WHERE (status = 'pending'::text);

-- webhook_deliveries_listed; Type: INDEX
CREATE INDEX webhook_deliveries_listed ON standby.webhook_deliveries USING btree (tenant_id, endpoint_id, at DESC, id DESC);

-- webhook_deliveries_old; Type: INDEX
CREATE INDEX webhook_deliveries_old ON standby.webhook_deliveries USING btree (at);

-- work_minutes_by_time; Type: INDEX
CREATE INDEX work_minutes_by_time ON standby.work_minutes USING btree (minute);

-- api_keys api_keys_audit; Type: TRIGGER
CREATE TRIGGER api_keys_audit AFTER INSERT OR DELETE OR UPDATE ON standby.api_keys FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('api_key', 'id');

-- bookings bookings_audit; Type: TRIGGER
CREATE TRIGGER bookings_audit AFTER INSERT OR DELETE OR UPDATE ON standby.bookings FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('booking', 'id');

-- bookings bookings_calendar_added; Type: TRIGGER
CREATE TRIGGER bookings_calendar_added AFTER INSERT ON standby.bookings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION standby.follow_bookings();

-- bookings bookings_calendar_changed; Type: TRIGGER
CREATE TRIGGER bookings_calendar_changed AFTER UPDATE ON standby.bookings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION standby.follow_bookings();

-- bookings bookings_change; Type: TRIGGER
CREATE TRIGGER bookings_change AFTER INSERT OR UPDATE OF status ON standby.bookings FOR EACH ROW EXECUTE FUNCTION standby.record_change('booking');

-- bookings bookings_changed; Type: TRIGGER
CREATE TRIGGER bookings_changed AFTER UPDATE ON standby.bookings REFERENCING OLD TABLE AS before NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION standby.count_visits();

-- bookings bookings_former; Type: TRIGGER
CREATE TRIGGER bookings_former AFTER UPDATE OF staff_id ON standby.bookings FOR EACH ROW WHEN ((old.staff_id <> new.staff_id)) EXECUTE FUNCTION standby.note_former_booking();

-- bookings bookings_made; Type: TRIGGER
CREATE TRIGGER bookings_made AFTER INSERT ON standby.bookings REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION standby.count_visits();

-- bookings bookings_set_reminder; Type: TRIGGER
CREATE TRIGGER bookings_set_reminder BEFORE INSERT OR UPDATE OF starts_at, service_id, status ON standby.bookings FOR EACH ROW EXECUTE FUNCTION standby.set_reminder();

-- business_hours business_hours_audit; Type: TRIGGER
CREATE TRIGGER business_hours_audit AFTER INSERT OR DELETE OR UPDATE ON standby.business_hours FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('hours', '');

-- calendar_feeds calendar_feeds_audit; Type: TRIGGER
CREATE TRIGGER calendar_feeds_audit AFTER INSERT OR DELETE OR UPDATE ON standby.calendar_feeds FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('calendar_feed', 'id');

-- calendar_links calendar_links_audit; Type: TRIGGER
CREATE TRIGGER calendar_links_audit AFTER INSERT OR DELETE OR UPDATE ON standby.calendar_links FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('calendar', 'id');

-- closures closures_announced; Type: TRIGGER
CREATE TRIGGER closures_announced AFTER INSERT OR DELETE ON standby.closures FOR EACH ROW EXECUTE FUNCTION standby.announce_closure();

-- closures closures_audit; Type: TRIGGER
CREATE TRIGGER closures_audit AFTER INSERT OR DELETE OR UPDATE ON standby.closures FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('closure', 'id');

-- customers customers_audit; Type: TRIGGER
CREATE TRIGGER customers_audit AFTER INSERT OR DELETE OR UPDATE ON standby.customers FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('customer', 'id');

-- history history_announced; Type: TRIGGER
CREATE TRIGGER history_announced AFTER INSERT ON standby.history FOR EACH ROW EXECUTE FUNCTION standby.announce_change();

-- history history_webhooks; Type: TRIGGER
CREATE TRIGGER history_webhooks AFTER INSERT ON standby.history FOR EACH ROW WHEN (((new.to_state IS NOT NULL) OR (new.reason = 'moved'::text))) EXECUTE FUNCTION standby.follow_history();

-- invitations invitations_audit; Type: TRIGGER
CREATE TRIGGER invitations_audit AFTER INSERT OR DELETE OR UPDATE ON standby.invitations FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('invitation', 'id');

-- memberships memberships_audit; Type: TRIGGER
CREATE TRIGGER memberships_audit AFTER INSERT OR DELETE OR UPDATE ON standby.memberships FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('member', 'user_id');

-- messages messages_announced; Type: TRIGGER
CREATE TRIGGER messages_announced AFTER INSERT ON standby.messages FOR EACH ROW EXECUTE FUNCTION standby.announce_change();

-- messages messages_state_announced; Type: TRIGGER
CREATE TRIGGER messages_state_announced AFTER UPDATE OF status, delivery, reason, not_before ON standby.messages FOR EACH ROW WHEN (((new.status <> 'sending'::text) AND ((new.delivery IS DISTINCT FROM 'sent'::text) OR (old.status <> new.status)) AND ((((new.status IS DISTINCT FROM old.status) OR (new.delivery IS DISTINCT FROM old.delivery)) OR (new.reason IS DISTINCT FROM old.reason)) OR (new.not_before IS DISTINCT FROM old.not_before)))) EXECUTE FUNCTION standby.announce_change();

-- messages messages_webhooks; Type: TRIGGER
CREATE TRIGGER messages_webhooks AFTER UPDATE OF status ON standby.messages FOR EACH ROW WHEN (((new.status = 'failed'::text) AND (old.status <> 'failed'::text) AND (new.customer_id IS NOT NULL))) EXECUTE FUNCTION standby.follow_messages();

-- notices notices_announced; Type: TRIGGER
CREATE TRIGGER notices_announced AFTER INSERT ON standby.notices FOR EACH ROW EXECUTE FUNCTION standby.announce_change('notice.added');

-- offers offers_change; Type: TRIGGER
CREATE TRIGGER offers_change AFTER INSERT OR UPDATE OF status ON standby.offers FOR EACH ROW EXECUTE FUNCTION standby.record_change('offer');

-- pgqueuer pgqueuer_requeued; Type: TRIGGER
CREATE TRIGGER pgqueuer_requeued AFTER UPDATE ON standby.pgqueuer FOR EACH ROW WHEN (((new.status = 'queued'::standby.pgqueuer_status) AND ((old.status IS DISTINCT FROM new.status) OR (old.execute_after IS DISTINCT FROM new.execute_after)))) EXECUTE FUNCTION standby.notify_requeued_jobs();

-- policies policies_audit; Type: TRIGGER
CREATE TRIGGER policies_audit AFTER INSERT OR DELETE OR UPDATE ON standby.policies FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('policy', 'service_id');

-- policies policies_mark_new_reminders; Type: TRIGGER
CREATE TRIGGER policies_mark_new_reminders BEFORE INSERT ON standby.policies FOR EACH ROW WHEN (((new.service_id IS NOT NULL) AND (new.reminders IS NOT NULL))) EXECUTE FUNCTION standby.mark_reminders();

-- policies policies_mark_reminders; Type: TRIGGER
CREATE TRIGGER policies_mark_reminders BEFORE UPDATE OF reminders, quiet_from_minute, quiet_until_minute ON standby.policies FOR EACH ROW WHEN ((((old.reminders IS DISTINCT FROM new.reminders) OR (old.quiet_from_minute IS DISTINCT FROM new.quiet_from_minute)) OR (old.quiet_until_minute IS DISTINCT FROM new.quiet_until_minute))) EXECUTE FUNCTION standby.mark_reminders();

-- quotas quotas_audit; Type: TRIGGER
CREATE TRIGGER quotas_audit AFTER INSERT OR DELETE OR UPDATE ON standby.quotas FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('quota', '');

-- replies replies_announced; Type: TRIGGER
CREATE TRIGGER replies_announced AFTER INSERT ON standby.replies FOR EACH ROW EXECUTE FUNCTION standby.announce_change('reply.received');

-- replies replies_handled_announced; Type: TRIGGER
CREATE TRIGGER replies_handled_announced AFTER UPDATE OF handled_at ON standby.replies FOR EACH ROW EXECUTE FUNCTION standby.announce_change('reply.handled');

-- senders senders_audit; Type: TRIGGER
CREATE TRIGGER senders_audit AFTER INSERT OR DELETE OR UPDATE ON standby.senders FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('sender', '');

-- services services_audit; Type: TRIGGER
CREATE TRIGGER services_audit AFTER INSERT OR DELETE OR UPDATE ON standby.services FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('service', 'id');

-- slots slots_change; Type: TRIGGER
CREATE TRIGGER slots_change AFTER INSERT OR UPDATE OF status ON standby.slots FOR EACH ROW EXECUTE FUNCTION standby.record_change('slot');

-- staff staff_audit; Type: TRIGGER
CREATE TRIGGER staff_audit AFTER INSERT OR DELETE OR UPDATE ON standby.staff FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('staff', 'id');

-- staff_hours staff_hours_audit; Type: TRIGGER
CREATE TRIGGER staff_hours_audit AFTER INSERT OR DELETE OR UPDATE ON standby.staff_hours FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('hours', 'staff_id');

-- staff_services staff_services_audit; Type: TRIGGER
CREATE TRIGGER staff_services_audit AFTER INSERT OR DELETE OR UPDATE ON standby.staff_services FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('skill', 'staff_id');

-- tenants tenants_audit; Type: TRIGGER
CREATE TRIGGER tenants_audit AFTER INSERT OR DELETE OR UPDATE ON standby.tenants FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('salon', 'id');

-- texts texts_audit; Type: TRIGGER
CREATE TRIGGER texts_audit AFTER INSERT OR DELETE OR UPDATE ON standby.texts FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('text', '');

-- pgqueuer tg_pgqueuer_changed; Type: TRIGGER
CREATE TRIGGER tg_pgqueuer_changed AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON standby.pgqueuer FOR EACH STATEMENT EXECUTE FUNCTION standby.fn_pgqueuer_changed();

-- waitlist_entries waitlist_entries_audit; Type: TRIGGER
CREATE TRIGGER waitlist_entries_audit AFTER INSERT OR DELETE OR UPDATE ON standby.waitlist_entries FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('entry', 'id');

-- waitlist_entries waitlist_entries_change; Type: TRIGGER
CREATE TRIGGER waitlist_entries_change AFTER INSERT OR UPDATE OF status ON standby.waitlist_entries FOR EACH ROW EXECUTE FUNCTION standby.record_change('entry');

-- webhook_endpoints webhook_endpoints_audit; Type: TRIGGER
CREATE TRIGGER webhook_endpoints_audit AFTER INSERT OR DELETE OR UPDATE ON standby.webhook_endpoints FOR EACH ROW WHEN ((current_setting('standby.author'::text, true) <> ''::text)) EXECUTE FUNCTION standby.audit_change('webhook', 'id');

-- api_keys api_keys_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.api_keys
    ADD CONSTRAINT api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- audit_log audit_log_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.audit_log
    ADD CONSTRAINT audit_log_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- bookings bookings_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- bookings bookings_tenant_id_service_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_tenant_id_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES standby.services(tenant_id, id);

-- bookings bookings_tenant_id_slot_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_tenant_id_slot_id_fkey FOREIGN KEY (tenant_id, slot_id) REFERENCES standby.slots(tenant_id, id);

-- bookings bookings_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.bookings
    ADD CONSTRAINT bookings_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- business_hours business_hours_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.business_hours
    ADD CONSTRAINT business_hours_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- busy_times busy_times_tenant_id_link_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.busy_times
    ADD CONSTRAINT busy_times_tenant_id_link_id_fkey FOREIGN KEY (tenant_id, link_id) REFERENCES standby.calendar_links(tenant_id, id) ON DELETE CASCADE;

-- busy_times busy_times_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.busy_times
    ADD CONSTRAINT busy_times_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- calendar_events calendar_events_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_events
    ADD CONSTRAINT calendar_events_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id);

-- calendar_events calendar_events_tenant_id_link_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_events
    ADD CONSTRAINT calendar_events_tenant_id_link_id_fkey FOREIGN KEY (tenant_id, link_id) REFERENCES standby.calendar_links(tenant_id, id) ON DELETE CASCADE;

-- calendar_feeds calendar_feeds_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_feeds
    ADD CONSTRAINT calendar_feeds_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- calendar_feeds calendar_feeds_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_feeds
    ADD CONSTRAINT calendar_feeds_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- calendar_links calendar_links_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_links
    ADD CONSTRAINT calendar_links_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- calendar_pushes calendar_pushes_tenant_id_link_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_pushes
    ADD CONSTRAINT calendar_pushes_tenant_id_link_id_fkey FOREIGN KEY (tenant_id, link_id) REFERENCES standby.calendar_links(tenant_id, id) ON DELETE CASCADE;

-- calendar_requests calendar_requests_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.calendar_requests
    ADD CONSTRAINT calendar_requests_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- callbacks callbacks_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.callbacks
    ADD CONSTRAINT callbacks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- channel_pauses channel_pauses_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.channel_pauses
    ADD CONSTRAINT channel_pauses_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- closures closures_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.closures
    ADD CONSTRAINT closures_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- closures closures_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.closures
    ADD CONSTRAINT closures_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- consents consents_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.consents
    ADD CONSTRAINT consents_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- counted_visits counted_visits_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.counted_visits
    ADD CONSTRAINT counted_visits_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id);

-- customers customers_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.customers
    ADD CONSTRAINT customers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- former_bookings former_bookings_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.former_bookings
    ADD CONSTRAINT former_bookings_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id) ON DELETE CASCADE;

-- former_bookings former_bookings_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.former_bookings
    ADD CONSTRAINT former_bookings_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- idempotency_keys idempotency_keys_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.idempotency_keys
    ADD CONSTRAINT idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- imports imports_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.imports
    ADD CONSTRAINT imports_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- invitations invitations_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.invitations
    ADD CONSTRAINT invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- memberships memberships_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.memberships
    ADD CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- memberships memberships_user_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES standby.users(id) ON DELETE CASCADE;

-- message_events message_events_tenant_id_message_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.message_events
    ADD CONSTRAINT message_events_tenant_id_message_id_fkey FOREIGN KEY (tenant_id, message_id) REFERENCES standby.messages(tenant_id, id);

-- messages messages_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id);

-- messages messages_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- messages messages_tenant_id_offer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_offer_id_fkey FOREIGN KEY (tenant_id, offer_id) REFERENCES standby.offers(tenant_id, id);

-- messages messages_tenant_id_reply_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_reply_id_fkey FOREIGN KEY (tenant_id, reply_id) REFERENCES standby.replies(tenant_id, id);

-- messages messages_tenant_id_slot_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.messages
    ADD CONSTRAINT messages_tenant_id_slot_id_fkey FOREIGN KEY (tenant_id, slot_id) REFERENCES standby.slots(tenant_id, id);

-- notices notices_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.notices
    ADD CONSTRAINT notices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- offer_tokens offer_tokens_tenant_id_offer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.offer_tokens
    ADD CONSTRAINT offer_tokens_tenant_id_offer_id_fkey FOREIGN KEY (tenant_id, offer_id) REFERENCES standby.offers(tenant_id, id);

-- offers offers_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.offers
    ADD CONSTRAINT offers_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id);

-- offers offers_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.offers
    ADD CONSTRAINT offers_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- offers offers_tenant_id_entry_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.offers
    ADD CONSTRAINT offers_tenant_id_entry_id_fkey FOREIGN KEY (tenant_id, entry_id) REFERENCES standby.waitlist_entries(tenant_id, id);

-- offers offers_tenant_id_slot_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.offers
    ADD CONSTRAINT offers_tenant_id_slot_id_fkey FOREIGN KEY (tenant_id, slot_id) REFERENCES standby.slots(tenant_id, id);

-- policies policies_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.policies
    ADD CONSTRAINT policies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- policies policies_tenant_id_service_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.policies
    ADD CONSTRAINT policies_tenant_id_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES standby.services(tenant_id, id);

-- preferences preferences_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.preferences
    ADD CONSTRAINT preferences_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- quotas quotas_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.quotas
    ADD CONSTRAINT quotas_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- rate_limits rate_limits_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.rate_limits
    ADD CONSTRAINT rate_limits_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- recovery_codes recovery_codes_user_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES standby.users(id) ON DELETE CASCADE;

-- refresh_tokens refresh_tokens_session_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES standby.sessions(id) ON DELETE CASCADE;

-- refresh_tokens refresh_tokens_user_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.refresh_tokens
    ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES standby.users(id) ON DELETE CASCADE;

-- replies replies_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.replies
    ADD CONSTRAINT replies_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- replies replies_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.replies
    ADD CONSTRAINT replies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- replies replies_tenant_id_offer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.replies
    ADD CONSTRAINT replies_tenant_id_offer_id_fkey FOREIGN KEY (tenant_id, offer_id) REFERENCES standby.offers(tenant_id, id);

-- saved_views saved_views_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.saved_views
    ADD CONSTRAINT saved_views_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- senders senders_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.senders
    ADD CONSTRAINT senders_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- services services_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.services
    ADD CONSTRAINT services_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- sessions sessions_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.sessions
    ADD CONSTRAINT sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- sessions sessions_user_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES standby.users(id) ON DELETE CASCADE;

-- slots slots_tenant_id_freed_by_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.slots
    ADD CONSTRAINT slots_tenant_id_freed_by_customer_id_fkey FOREIGN KEY (tenant_id, freed_by_customer_id) REFERENCES standby.customers(tenant_id, id);

-- slots slots_tenant_id_service_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.slots
    ADD CONSTRAINT slots_tenant_id_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES standby.services(tenant_id, id);

-- slots slots_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.slots
    ADD CONSTRAINT slots_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- staff_hours staff_hours_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.staff_hours
    ADD CONSTRAINT staff_hours_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- staff_services staff_services_tenant_id_service_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.staff_services
    ADD CONSTRAINT staff_services_tenant_id_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES standby.services(tenant_id, id);

-- staff_services staff_services_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.staff_services
    ADD CONSTRAINT staff_services_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- staff staff_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.staff
    ADD CONSTRAINT staff_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- texts texts_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.texts
    ADD CONSTRAINT texts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- usage usage_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.usage
    ADD CONSTRAINT usage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- verifications verifications_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.verifications
    ADD CONSTRAINT verifications_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- waitlist_entries waitlist_entries_tenant_id_booking_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.waitlist_entries
    ADD CONSTRAINT waitlist_entries_tenant_id_booking_id_fkey FOREIGN KEY (tenant_id, booking_id) REFERENCES standby.bookings(tenant_id, id);

-- waitlist_entries waitlist_entries_tenant_id_customer_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.waitlist_entries
    ADD CONSTRAINT waitlist_entries_tenant_id_customer_id_fkey FOREIGN KEY (tenant_id, customer_id) REFERENCES standby.customers(tenant_id, id);

-- waitlist_entries waitlist_entries_tenant_id_service_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.waitlist_entries
    ADD CONSTRAINT waitlist_entries_tenant_id_service_id_fkey FOREIGN KEY (tenant_id, service_id) REFERENCES standby.services(tenant_id, id);

-- waitlist_entries waitlist_entries_tenant_id_staff_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.waitlist_entries
    ADD CONSTRAINT waitlist_entries_tenant_id_staff_id_fkey FOREIGN KEY (tenant_id, staff_id) REFERENCES standby.staff(tenant_id, id);

-- webhook_deliveries webhook_deliveries_tenant_id_endpoint_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES standby.webhook_endpoints(tenant_id, id) ON DELETE CASCADE;

-- webhook_endpoints webhook_endpoints_tenant_id_fkey; Type: FK CONSTRAINT
ALTER TABLE ONLY standby.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES standby.tenants(id);

-- recovery_codes account; Type: POLICY
CREATE POLICY account ON standby.recovery_codes USING ((user_id = standby.current_account()));

-- refresh_tokens account; Type: POLICY
CREATE POLICY account ON standby.refresh_tokens USING ((user_id = standby.current_account()));

-- sessions account; Type: POLICY
CREATE POLICY account ON standby.sessions USING ((user_id = standby.current_account()));

-- users account; Type: POLICY
CREATE POLICY account ON standby.users USING ((id = standby.current_account()));

-- api_keys; Type: ROW SECURITY
ALTER TABLE standby.api_keys ENABLE ROW LEVEL SECURITY;

-- attempts; Type: ROW SECURITY
ALTER TABLE standby.attempts ENABLE ROW LEVEL SECURITY;

-- audit_log; Type: ROW SECURITY
ALTER TABLE standby.audit_log ENABLE ROW LEVEL SECURITY;

-- bookings; Type: ROW SECURITY
ALTER TABLE standby.bookings ENABLE ROW LEVEL SECURITY;

-- business_hours; Type: ROW SECURITY
ALTER TABLE standby.business_hours ENABLE ROW LEVEL SECURITY;

-- busy_times; Type: ROW SECURITY
ALTER TABLE standby.busy_times ENABLE ROW LEVEL SECURITY;

-- calendar_events; Type: ROW SECURITY
ALTER TABLE standby.calendar_events ENABLE ROW LEVEL SECURITY;

-- calendar_feeds; Type: ROW SECURITY
ALTER TABLE standby.calendar_feeds ENABLE ROW LEVEL SECURITY;

-- calendar_links; Type: ROW SECURITY
ALTER TABLE standby.calendar_links ENABLE ROW LEVEL SECURITY;

-- calendar_pushes; Type: ROW SECURITY
ALTER TABLE standby.calendar_pushes ENABLE ROW LEVEL SECURITY;

-- calendar_requests; Type: ROW SECURITY
ALTER TABLE standby.calendar_requests ENABLE ROW LEVEL SECURITY;

-- callbacks; Type: ROW SECURITY
ALTER TABLE standby.callbacks ENABLE ROW LEVEL SECURITY;

-- channel_pauses; Type: ROW SECURITY
ALTER TABLE standby.channel_pauses ENABLE ROW LEVEL SECURITY;

-- closures; Type: ROW SECURITY
ALTER TABLE standby.closures ENABLE ROW LEVEL SECURITY;

-- consents; Type: ROW SECURITY
ALTER TABLE standby.consents ENABLE ROW LEVEL SECURITY;

-- counted_visits; Type: ROW SECURITY
ALTER TABLE standby.counted_visits ENABLE ROW LEVEL SECURITY;

-- customers; Type: ROW SECURITY
ALTER TABLE standby.customers ENABLE ROW LEVEL SECURITY;

-- former_bookings; Type: ROW SECURITY
ALTER TABLE standby.former_bookings ENABLE ROW LEVEL SECURITY;

-- history; Type: ROW SECURITY
ALTER TABLE standby.history ENABLE ROW LEVEL SECURITY;

-- idempotency_keys; Type: ROW SECURITY
ALTER TABLE standby.idempotency_keys ENABLE ROW LEVEL SECURITY;

-- imports; Type: ROW SECURITY
ALTER TABLE standby.imports ENABLE ROW LEVEL SECURITY;

-- invitations; Type: ROW SECURITY
ALTER TABLE standby.invitations ENABLE ROW LEVEL SECURITY;

-- letters; Type: ROW SECURITY
ALTER TABLE standby.letters ENABLE ROW LEVEL SECURITY;

-- memberships; Type: ROW SECURITY
ALTER TABLE standby.memberships ENABLE ROW LEVEL SECURITY;

-- message_events; Type: ROW SECURITY
ALTER TABLE standby.message_events ENABLE ROW LEVEL SECURITY;

-- messages; Type: ROW SECURITY
ALTER TABLE standby.messages ENABLE ROW LEVEL SECURITY;

-- notices; Type: ROW SECURITY
ALTER TABLE standby.notices ENABLE ROW LEVEL SECURITY;

-- offer_tokens; Type: ROW SECURITY
ALTER TABLE standby.offer_tokens ENABLE ROW LEVEL SECURITY;

-- offers; Type: ROW SECURITY
ALTER TABLE standby.offers ENABLE ROW LEVEL SECURITY;

-- policies; Type: ROW SECURITY
ALTER TABLE standby.policies ENABLE ROW LEVEL SECURITY;

-- preferences; Type: ROW SECURITY
ALTER TABLE standby.preferences ENABLE ROW LEVEL SECURITY;

-- quotas; Type: ROW SECURITY
ALTER TABLE standby.quotas ENABLE ROW LEVEL SECURITY;

-- rate_limits; Type: ROW SECURITY
ALTER TABLE standby.rate_limits ENABLE ROW LEVEL SECURITY;

-- recovery_codes; Type: ROW SECURITY
ALTER TABLE standby.recovery_codes ENABLE ROW LEVEL SECURITY;

-- refresh_tokens; Type: ROW SECURITY
ALTER TABLE standby.refresh_tokens ENABLE ROW LEVEL SECURITY;

-- replies; Type: ROW SECURITY
ALTER TABLE standby.replies ENABLE ROW LEVEL SECURITY;

-- saved_views; Type: ROW SECURITY
ALTER TABLE standby.saved_views ENABLE ROW LEVEL SECURITY;

-- senders; Type: ROW SECURITY
ALTER TABLE standby.senders ENABLE ROW LEVEL SECURITY;

-- services; Type: ROW SECURITY
ALTER TABLE standby.services ENABLE ROW LEVEL SECURITY;

-- sessions; Type: ROW SECURITY
ALTER TABLE standby.sessions ENABLE ROW LEVEL SECURITY;

-- slots; Type: ROW SECURITY
ALTER TABLE standby.slots ENABLE ROW LEVEL SECURITY;

-- staff; Type: ROW SECURITY
ALTER TABLE standby.staff ENABLE ROW LEVEL SECURITY;

-- staff_hours; Type: ROW SECURITY
ALTER TABLE standby.staff_hours ENABLE ROW LEVEL SECURITY;

-- staff_services; Type: ROW SECURITY
ALTER TABLE standby.staff_services ENABLE ROW LEVEL SECURITY;

-- api_keys system; Type: POLICY
CREATE POLICY system ON standby.api_keys TO standby_system USING (true);

-- attempts system; Type: POLICY
CREATE POLICY system ON standby.attempts TO standby_system USING (true);

-- audit_log system; Type: POLICY
CREATE POLICY system ON standby.audit_log TO standby_system USING (true);

-- bookings system; Type: POLICY
CREATE POLICY system ON standby.bookings TO standby_system USING (true);

-- business_hours system; Type: POLICY
CREATE POLICY system ON standby.business_hours TO standby_system USING (true);

-- busy_times system; Type: POLICY
CREATE POLICY system ON standby.busy_times TO standby_system USING (true);

-- calendar_events system; Type: POLICY
CREATE POLICY system ON standby.calendar_events TO standby_system USING (true);

-- calendar_feeds system; Type: POLICY
CREATE POLICY system ON standby.calendar_feeds TO standby_system USING (true);

-- calendar_links system; Type: POLICY
CREATE POLICY system ON standby.calendar_links TO standby_system USING (true);

-- calendar_pushes system; Type: POLICY
CREATE POLICY system ON standby.calendar_pushes TO standby_system USING (true);

-- calendar_requests system; Type: POLICY
CREATE POLICY system ON standby.calendar_requests TO standby_system USING (true);

-- callbacks system; Type: POLICY
CREATE POLICY system ON standby.callbacks TO standby_system USING (true);

-- channel_pauses system; Type: POLICY
CREATE POLICY system ON standby.channel_pauses TO standby_system USING (true);

-- closures system; Type: POLICY
CREATE POLICY system ON standby.closures TO standby_system USING (true);

-- consents system; Type: POLICY
CREATE POLICY system ON standby.consents TO standby_system USING (true);

-- counted_visits system; Type: POLICY
CREATE POLICY system ON standby.counted_visits TO standby_system USING (true);

-- customers system; Type: POLICY
CREATE POLICY system ON standby.customers TO standby_system USING (true);

-- former_bookings system; Type: POLICY
CREATE POLICY system ON standby.former_bookings TO standby_system USING (true);

-- history system; Type: POLICY
CREATE POLICY system ON standby.history TO standby_system USING (true);

-- idempotency_keys system; Type: POLICY
CREATE POLICY system ON standby.idempotency_keys TO standby_system USING (true);

-- imports system; Type: POLICY
CREATE POLICY system ON standby.imports TO standby_system USING (true);

-- invitations system; Type: POLICY
CREATE POLICY system ON standby.invitations TO standby_system USING (true);

-- letters system; Type: POLICY
CREATE POLICY system ON standby.letters TO standby_system USING (true);

-- memberships system; Type: POLICY
CREATE POLICY system ON standby.memberships TO standby_system USING (true);

-- message_events system; Type: POLICY
CREATE POLICY system ON standby.message_events TO standby_system USING (true);

-- messages system; Type: POLICY
CREATE POLICY system ON standby.messages TO standby_system USING (true);

-- notices system; Type: POLICY
CREATE POLICY system ON standby.notices TO standby_system USING (true);

-- offer_tokens system; Type: POLICY
CREATE POLICY system ON standby.offer_tokens TO standby_system USING (true);

-- offers system; Type: POLICY
CREATE POLICY system ON standby.offers TO standby_system USING (true);

-- policies system; Type: POLICY
CREATE POLICY system ON standby.policies TO standby_system USING (true);

-- preferences system; Type: POLICY
CREATE POLICY system ON standby.preferences TO standby_system USING (true);

-- quotas system; Type: POLICY
CREATE POLICY system ON standby.quotas TO standby_system USING (true);

-- rate_limits system; Type: POLICY
CREATE POLICY system ON standby.rate_limits TO standby_system USING (true);

-- recovery_codes system; Type: POLICY
CREATE POLICY system ON standby.recovery_codes TO standby_system USING (true);

-- refresh_tokens system; Type: POLICY
CREATE POLICY system ON standby.refresh_tokens TO standby_system USING (true);

-- replies system; Type: POLICY
CREATE POLICY system ON standby.replies TO standby_system USING (true);

-- saved_views system; Type: POLICY
CREATE POLICY system ON standby.saved_views TO standby_system USING (true);

-- senders system; Type: POLICY
CREATE POLICY system ON standby.senders TO standby_system USING (true);

-- services system; Type: POLICY
CREATE POLICY system ON standby.services TO standby_system USING (true);

-- sessions system; Type: POLICY
CREATE POLICY system ON standby.sessions TO standby_system USING (true);

-- slots system; Type: POLICY
CREATE POLICY system ON standby.slots TO standby_system USING (true);

-- staff system; Type: POLICY
CREATE POLICY system ON standby.staff TO standby_system USING (true);

-- staff_hours system; Type: POLICY
CREATE POLICY system ON standby.staff_hours TO standby_system USING (true);

-- staff_services system; Type: POLICY
CREATE POLICY system ON standby.staff_services TO standby_system USING (true);

-- tenants system; Type: POLICY
CREATE POLICY system ON standby.tenants TO standby_system USING (true);

-- texts system; Type: POLICY
CREATE POLICY system ON standby.texts TO standby_system USING (true);

-- usage system; Type: POLICY
CREATE POLICY system ON standby.usage TO standby_system USING (true);

-- users system; Type: POLICY
CREATE POLICY system ON standby.users TO standby_system USING (true);

-- verifications system; Type: POLICY
CREATE POLICY system ON standby.verifications TO standby_system USING (true);

-- waitlist_entries system; Type: POLICY
CREATE POLICY system ON standby.waitlist_entries TO standby_system USING (true);

-- webhook_deliveries system; Type: POLICY
CREATE POLICY system ON standby.webhook_deliveries TO standby_system USING (true);

-- webhook_endpoints system; Type: POLICY
CREATE POLICY system ON standby.webhook_endpoints TO standby_system USING (true);

-- api_keys tenant; Type: POLICY
CREATE POLICY tenant ON standby.api_keys USING ((tenant_id = standby.current_tenant()));

-- audit_log tenant; Type: POLICY
CREATE POLICY tenant ON standby.audit_log USING ((tenant_id = standby.current_tenant()));

-- bookings tenant; Type: POLICY
CREATE POLICY tenant ON standby.bookings USING ((tenant_id = standby.current_tenant()));

-- business_hours tenant; Type: POLICY
CREATE POLICY tenant ON standby.business_hours USING ((tenant_id = standby.current_tenant()));

-- busy_times tenant; Type: POLICY
CREATE POLICY tenant ON standby.busy_times USING ((tenant_id = standby.current_tenant()));

-- calendar_events tenant; Type: POLICY
CREATE POLICY tenant ON standby.calendar_events USING ((tenant_id = standby.current_tenant()));

-- calendar_feeds tenant; Type: POLICY
CREATE POLICY tenant ON standby.calendar_feeds USING ((tenant_id = standby.current_tenant()));

-- calendar_links tenant; Type: POLICY
CREATE POLICY tenant ON standby.calendar_links USING ((tenant_id = standby.current_tenant()));

-- calendar_pushes tenant; Type: POLICY
CREATE POLICY tenant ON standby.calendar_pushes USING ((tenant_id = standby.current_tenant()));

-- calendar_requests tenant; Type: POLICY
CREATE POLICY tenant ON standby.calendar_requests USING ((tenant_id = standby.current_tenant()));

-- callbacks tenant; Type: POLICY
CREATE POLICY tenant ON standby.callbacks USING ((tenant_id = standby.current_tenant()));

-- channel_pauses tenant; Type: POLICY
CREATE POLICY tenant ON standby.channel_pauses USING ((tenant_id = standby.current_tenant()));

-- closures tenant; Type: POLICY
CREATE POLICY tenant ON standby.closures USING ((tenant_id = standby.current_tenant()));

-- consents tenant; Type: POLICY
CREATE POLICY tenant ON standby.consents USING ((tenant_id = standby.current_tenant()));

-- counted_visits tenant; Type: POLICY
CREATE POLICY tenant ON standby.counted_visits USING ((tenant_id = standby.current_tenant()));

-- customers tenant; Type: POLICY
CREATE POLICY tenant ON standby.customers USING ((tenant_id = standby.current_tenant()));

-- former_bookings tenant; Type: POLICY
CREATE POLICY tenant ON standby.former_bookings USING ((tenant_id = standby.current_tenant()));

-- history tenant; Type: POLICY
CREATE POLICY tenant ON standby.history USING ((tenant_id = standby.current_tenant()));

-- idempotency_keys tenant; Type: POLICY
CREATE POLICY tenant ON standby.idempotency_keys USING ((tenant_id = standby.current_tenant()));

-- imports tenant; Type: POLICY
CREATE POLICY tenant ON standby.imports USING ((tenant_id = standby.current_tenant()));

-- invitations tenant; Type: POLICY
CREATE POLICY tenant ON standby.invitations USING ((tenant_id = standby.current_tenant()));

-- memberships tenant; Type: POLICY
CREATE POLICY tenant ON standby.memberships USING ((tenant_id = standby.current_tenant()));

-- message_events tenant; Type: POLICY
CREATE POLICY tenant ON standby.message_events USING ((tenant_id = standby.current_tenant()));

-- messages tenant; Type: POLICY
CREATE POLICY tenant ON standby.messages USING ((tenant_id = standby.current_tenant()));

-- notices tenant; Type: POLICY
CREATE POLICY tenant ON standby.notices USING ((tenant_id = standby.current_tenant()));

-- offer_tokens tenant; Type: POLICY
CREATE POLICY tenant ON standby.offer_tokens USING ((tenant_id = standby.current_tenant()));

-- offers tenant; Type: POLICY
CREATE POLICY tenant ON standby.offers USING ((tenant_id = standby.current_tenant()));

-- policies tenant; Type: POLICY
CREATE POLICY tenant ON standby.policies USING ((tenant_id = standby.current_tenant()));

-- preferences tenant; Type: POLICY
CREATE POLICY tenant ON standby.preferences USING ((tenant_id = standby.current_tenant()));

-- quotas tenant; Type: POLICY
CREATE POLICY tenant ON standby.quotas USING ((tenant_id = standby.current_tenant()));

-- rate_limits tenant; Type: POLICY
CREATE POLICY tenant ON standby.rate_limits USING ((tenant_id = standby.current_tenant()));

-- replies tenant; Type: POLICY
CREATE POLICY tenant ON standby.replies USING ((tenant_id = standby.current_tenant()));

-- saved_views tenant; Type: POLICY
CREATE POLICY tenant ON standby.saved_views USING ((tenant_id = standby.current_tenant()));

-- senders tenant; Type: POLICY
CREATE POLICY tenant ON standby.senders USING ((tenant_id = standby.current_tenant()));

-- services tenant; Type: POLICY
CREATE POLICY tenant ON standby.services USING ((tenant_id = standby.current_tenant()));

-- slots tenant; Type: POLICY
CREATE POLICY tenant ON standby.slots USING ((tenant_id = standby.current_tenant()));

-- staff tenant; Type: POLICY
CREATE POLICY tenant ON standby.staff USING ((tenant_id = standby.current_tenant()));

-- staff_hours tenant; Type: POLICY
CREATE POLICY tenant ON standby.staff_hours USING ((tenant_id = standby.current_tenant()));

-- staff_services tenant; Type: POLICY
CREATE POLICY tenant ON standby.staff_services USING ((tenant_id = standby.current_tenant()));

-- tenants tenant; Type: POLICY
CREATE POLICY tenant ON standby.tenants USING ((id = standby.current_tenant()));

-- texts tenant; Type: POLICY
CREATE POLICY tenant ON standby.texts USING ((tenant_id = standby.current_tenant()));

-- usage tenant; Type: POLICY
CREATE POLICY tenant ON standby.usage USING ((tenant_id = standby.current_tenant()));

-- verifications tenant; Type: POLICY
CREATE POLICY tenant ON standby.verifications USING ((tenant_id = standby.current_tenant()));

-- waitlist_entries tenant; Type: POLICY
CREATE POLICY tenant ON standby.waitlist_entries USING ((tenant_id = standby.current_tenant()));

-- webhook_deliveries tenant; Type: POLICY
CREATE POLICY tenant ON standby.webhook_deliveries USING ((tenant_id = standby.current_tenant()));

-- webhook_endpoints tenant; Type: POLICY
CREATE POLICY tenant ON standby.webhook_endpoints USING ((tenant_id = standby.current_tenant()));

-- tenants; Type: ROW SECURITY
ALTER TABLE standby.tenants ENABLE ROW LEVEL SECURITY;

-- texts; Type: ROW SECURITY
ALTER TABLE standby.texts ENABLE ROW LEVEL SECURITY;

-- usage; Type: ROW SECURITY
ALTER TABLE standby.usage ENABLE ROW LEVEL SECURITY;

-- users; Type: ROW SECURITY
ALTER TABLE standby.users ENABLE ROW LEVEL SECURITY;

-- verifications; Type: ROW SECURITY
ALTER TABLE standby.verifications ENABLE ROW LEVEL SECURITY;

-- waitlist_entries; Type: ROW SECURITY
ALTER TABLE standby.waitlist_entries ENABLE ROW LEVEL SECURITY;

-- webhook_deliveries; Type: ROW SECURITY
ALTER TABLE standby.webhook_deliveries ENABLE ROW LEVEL SECURITY;

-- webhook_endpoints; Type: ROW SECURITY
ALTER TABLE standby.webhook_endpoints ENABLE ROW LEVEL SECURITY;

-- SCHEMA standby; Type: ACL
GRANT USAGE ON SCHEMA standby TO standby_app;
GRANT USAGE ON SCHEMA standby TO standby_worker;
GRANT ALL ON SCHEMA standby TO standby_system;

-- FUNCTION announce_deadline(p_at timestamp with time zone, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.announce_deadline(p_at timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.announce_deadline(p_at timestamp with time zone, p_now timestamp with time zone) TO standby_app;

-- FUNCTION ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb, p_lifetime interval, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb, p_lifetime interval, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.ask_letter(p_id uuid, p_kind text, p_email text, p_locale text, p_details jsonb, p_lifetime interval, p_now timestamp with time zone) TO standby_app;

-- FUNCTION audit_change(); Type: ACL
REVOKE ALL ON FUNCTION standby.audit_change() FROM PUBLIC;

-- FUNCTION broken_invariants(p_now timestamp with time zone, p_late interval); Type: ACL
REVOKE ALL ON FUNCTION standby.broken_invariants(p_now timestamp with time zone, p_late interval) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.broken_invariants(p_now timestamp with time zone, p_late interval) TO standby_worker;

-- FUNCTION callback_senders(p_provider text, p_routes text[], p_tenant uuid); Type: ACL
REVOKE ALL ON FUNCTION standby.callback_senders(p_provider text, p_routes text[], p_tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.callback_senders(p_provider text, p_routes text[], p_tenant uuid) TO standby_worker;

-- FUNCTION claim_letter(p_id uuid, p_token_hash bytea, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.claim_letter(p_id uuid, p_token_hash bytea, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.claim_letter(p_id uuid, p_token_hash bytea, p_now timestamp with time zone) TO standby_worker;

-- FUNCTION claim_messages(p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamp with time zone, p_now timestamp with time zone, p_channels text[], p_code_hashes bytea[], p_kinds text[]); Type: ACL
REVOKE ALL ON FUNCTION standby.claim_messages(p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamp with time zone, p_now timestamp with time zone, p_channels text[], p_code_hashes bytea[], p_kinds text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.claim_messages(p_tenants uuid[], p_ids uuid[], p_token_hashes bytea[], p_lease_id uuid, p_lease_until timestamp with time zone, p_now timestamp with time zone, p_channels text[], p_code_hashes bytea[], p_kinds text[]) TO standby_worker;

-- FUNCTION close_due_slots(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.close_due_slots(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.close_due_slots(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION close_letters(p_kind text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.close_letters(p_kind text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.close_letters(p_kind text, p_now timestamp with time zone) TO standby_app;

-- FUNCTION count_deadlines(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.count_deadlines(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.count_deadlines(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION count_provider_pauses(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.count_provider_pauses(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.count_provider_pauses(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION count_settled(p_message uuid, p_provider text, p_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.count_settled(p_message uuid, p_provider text, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.count_settled(p_message uuid, p_provider text, p_at timestamp with time zone) TO standby_app;

-- FUNCTION count_story(p_until timestamp with time zone, p_quick double precision[], p_slow double precision[]); Type: ACL
REVOKE ALL ON FUNCTION standby.count_story(p_until timestamp with time zone, p_quick double precision[], p_slow double precision[]) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.count_story(p_until timestamp with time zone, p_quick double precision[], p_slow double precision[]) TO standby_worker;

-- FUNCTION count_usage(p_tenants uuid[], p_ids uuid[], p_outcomes text[], p_providers text[], p_segments integer[], p_at timestamp with time zone[]); Type: ACL
REVOKE ALL ON FUNCTION standby.count_usage(p_tenants uuid[], p_ids uuid[], p_outcomes text[], p_providers text[], p_segments integer[], p_at timestamp with time zone[]) FROM PUBLIC;

-- FUNCTION count_visits(); Type: ACL
REVOKE ALL ON FUNCTION standby.count_visits() FROM PUBLIC;

-- FUNCTION defer_message(p_tenant uuid, p_id uuid, p_offer uuid, p_until timestamp with time zone, p_now timestamp with time zone, p_reason text, p_details text); Type: ACL
REVOKE ALL ON FUNCTION standby.defer_message(p_tenant uuid, p_id uuid, p_offer uuid, p_until timestamp with time zone, p_now timestamp with time zone, p_reason text, p_details text) FROM PUBLIC;

-- FUNCTION delete_account(p_author jsonb); Type: ACL
REVOKE ALL ON FUNCTION standby.delete_account(p_author jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.delete_account(p_author jsonb) TO standby_app;

-- FUNCTION due_messages_in_turn(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.due_messages_in_turn(p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION end_due_cooldowns(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.end_due_cooldowns(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.end_due_cooldowns(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION end_letter(p_id uuid, p_failure text, p_again boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.end_letter(p_id uuid, p_failure text, p_again boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.end_letter(p_id uuid, p_failure text, p_again boolean) TO standby_worker;

-- FUNCTION end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.end_webhook(p_endpoint uuid, p_reason text, p_error text, p_now timestamp with time zone) TO standby_app;

-- FUNCTION enqueue(p_entrypoint text, p_id uuid, p_priority integer); Type: ACL
REVOKE ALL ON FUNCTION standby.enqueue(p_entrypoint text, p_id uuid, p_priority integer) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enqueue(p_entrypoint text, p_id uuid, p_priority integer) TO standby_app;

-- FUNCTION enqueue_fills_for_entry(p_tenant uuid, p_entry uuid, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.enqueue_fills_for_entry(p_tenant uuid, p_entry uuid, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer, p_once text); Type: ACL
REVOKE ALL ON FUNCTION standby.enqueue_for(p_tenant uuid, p_entrypoint text, p_id uuid, p_priority integer, p_once text) FROM PUBLIC;

-- FUNCTION enqueue_send(p_id uuid, p_created_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.enqueue_send(p_id uuid, p_created_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enqueue_send(p_id uuid, p_created_at timestamp with time zone) TO standby_app;

-- FUNCTION enter_account_named(p_email text); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_account_named(p_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_account_named(p_email text) TO standby_app;

-- FUNCTION enter_account_of_refresh(p_token_hash bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_account_of_refresh(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_account_of_refresh(p_token_hash bytea) TO standby_app;

-- FUNCTION enter_tenant_named(p_slug text); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_tenant_named(p_slug text) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_tenant_named(p_slug text) TO standby_app;

-- FUNCTION enter_tenant_of_feed(p_token_hash bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_tenant_of_feed(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_tenant_of_feed(p_token_hash bytea) TO standby_app;

-- FUNCTION enter_tenant_of_offer(p_token_hash bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_tenant_of_offer(p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_tenant_of_offer(p_token_hash bytea) TO standby_app;

-- FUNCTION enter_tenant_of_request(p_state_hash bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.enter_tenant_of_request(p_state_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.enter_tenant_of_request(p_state_hash bytea) TO standby_app;

-- FUNCTION erase_customer(p_customer uuid, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.erase_customer(p_customer uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.erase_customer(p_customer uuid, p_now timestamp with time zone) TO standby_app;

-- FUNCTION erase_idle_customers(p_before timestamp with time zone, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.erase_idle_customers(p_before timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.erase_idle_customers(p_before timestamp with time zone, p_now timestamp with time zone) TO standby_worker;

-- FUNCTION event_of(p_entity text, p_from text, p_to text, p_reason text); Type: ACL
REVOKE ALL ON FUNCTION standby.event_of(p_entity text, p_from text, p_to text, p_reason text) FROM PUBLIC;

-- FUNCTION expire_due_entries(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.expire_due_entries(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.expire_due_entries(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION expire_due_offers(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.expire_due_offers(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.expire_due_offers(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamp with time zone, p_tell boolean, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamp with time zone, p_tell boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.fail_calendar(p_link uuid, p_secrets bytea, p_failure text, p_next timestamp with time zone, p_tell boolean, p_now timestamp with time zone) TO standby_app;

-- FUNCTION fail_without_channel(p_tenant uuid, p_id uuid, p_now timestamp with time zone, by_quota boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.fail_without_channel(p_tenant uuid, p_id uuid, p_now timestamp with time zone, by_quota boolean) FROM PUBLIC;

-- FUNCTION failing_webhooks(); Type: ACL
REVOKE ALL ON FUNCTION standby.failing_webhooks() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.failing_webhooks() TO standby_worker;

-- FUNCTION find_api_key(p_key_hash bytea, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.find_api_key(p_key_hash bytea, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.find_api_key(p_key_hash bytea, p_now timestamp with time zone) TO standby_app;

-- FUNCTION find_session(p_token_hash bytea, p_now timestamp with time zone, p_used boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.find_session(p_token_hash bytea, p_now timestamp with time zone, p_used boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.find_session(p_token_hash bytea, p_now timestamp with time zone, p_used boolean) TO standby_app;

-- FUNCTION follow_bookings(); Type: ACL
REVOKE ALL ON FUNCTION standby.follow_bookings() FROM PUBLIC;

-- FUNCTION follow_history(); Type: ACL
REVOKE ALL ON FUNCTION standby.follow_history() FROM PUBLIC;

-- FUNCTION follow_messages(); Type: ACL
REVOKE ALL ON FUNCTION standby.follow_messages() FROM PUBLIC;

-- FUNCTION forget_accounts(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_accounts(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_accounts(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION forget_audit(p_before timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_audit(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_audit(p_before timestamp with time zone) TO standby_worker;

-- FUNCTION forget_callbacks(p_before timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_callbacks(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_callbacks(p_before timestamp with time zone) TO standby_worker;

-- FUNCTION forget_old_webhooks(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_old_webhooks(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_old_webhooks(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION forget_permits(p_before timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_permits(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_permits(p_before timestamp with time zone) TO standby_worker;

-- FUNCTION forget_request_keys(p_before timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_request_keys(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_request_keys(p_before timestamp with time zone) TO standby_worker;

-- FUNCTION forget_verifications(p_before timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.forget_verifications(p_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forget_verifications(p_before timestamp with time zone) TO standby_worker;

-- FUNCTION forgive_attempt(p_cleared bytea[], p_given_back bytea[]); Type: ACL
REVOKE ALL ON FUNCTION standby.forgive_attempt(p_cleared bytea[], p_given_back bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.forgive_attempt(p_cleared bytea[], p_given_back bytea[]) TO standby_app;

-- FUNCTION goes_at_once(p_kind text); Type: ACL
REVOKE ALL ON FUNCTION standby.goes_at_once(p_kind text) FROM PUBLIC;

-- FUNCTION grant_send(p_tenant uuid, p_key text, p_every interval, p_at_once integer, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.grant_send(p_tenant uuid, p_key text, p_every interval, p_at_once integer, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamp with time zone, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamp with time zone, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.hand_over_letter(p_id uuid, p_locale text, p_token_hash bytea, p_ends_at timestamp with time zone, p_now timestamp with time zone) TO standby_app;

-- FUNCTION hear_push(p_channel uuid, p_token_hash bytea, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.hear_push(p_channel uuid, p_token_hash bytea, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.hear_push(p_channel uuid, p_token_hash bytea, p_now timestamp with time zone) TO standby_worker;

-- FUNCTION list_users(); Type: ACL
REVOKE ALL ON FUNCTION standby.list_users() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.list_users() TO standby_worker;

-- FUNCTION look_at_due_imports(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.look_at_due_imports(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.look_at_due_imports(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION mark_reminders(); Type: ACL
REVOKE ALL ON FUNCTION standby.mark_reminders() FROM PUBLIC;

-- FUNCTION members_of_salon(); Type: ACL
REVOKE ALL ON FUNCTION standby.members_of_salon() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.members_of_salon() TO standby_app;

-- FUNCTION next_deadlines(OUT expire_due_offers timestamp with time zone, OUT remind_due_offers timestamp with time zone, OUT end_due_cooldowns timestamp with time zone, OUT expire_due_entries timestamp with time zone, OUT close_due_slots timestamp with time zone, OUT start_due_fills timestamp with time zone, OUT wake_due_messages timestamp with time zone, OUT recover_stale_messages timestamp with time zone, OUT set_marked_reminders timestamp with time zone, OUT remind_due_bookings timestamp with time zone, OUT read_due_calendars timestamp with time zone, OUT write_due_events timestamp with time zone, OUT send_due_webhooks timestamp with time zone, OUT forget_old_webhooks timestamp with time zone, OUT send_due_letters timestamp with time zone, OUT look_at_due_imports timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.next_deadlines(OUT expire_due_offers timestamp with time zone, OUT remind_due_offers timestamp with time zone, OUT end_due_cooldowns timestamp with time zone, OUT expire_due_entries timestamp with time zone, OUT close_due_slots timestamp with time zone, OUT start_due_fills timestamp with time zone, OUT wake_due_messages timestamp with time zone, OUT recover_stale_messages timestamp with time zone, OUT set_marked_reminders timestamp with time zone, OUT remind_due_bookings timestamp with time zone, OUT read_due_calendars timestamp with time zone, OUT write_due_events timestamp with time zone, OUT send_due_webhooks timestamp with time zone, OUT forget_old_webhooks timestamp with time zone, OUT send_due_letters timestamp with time zone, OUT look_at_due_imports timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.next_deadlines(OUT expire_due_offers timestamp with time zone, OUT remind_due_offers timestamp with time zone, OUT end_due_cooldowns timestamp with time zone, OUT expire_due_entries timestamp with time zone, OUT close_due_slots timestamp with time zone, OUT start_due_fills timestamp with time zone, OUT wake_due_messages timestamp with time zone, OUT recover_stale_messages timestamp with time zone, OUT set_marked_reminders timestamp with time zone, OUT remind_due_bookings timestamp with time zone, OUT read_due_calendars timestamp with time zone, OUT write_due_events timestamp with time zone, OUT send_due_webhooks timestamp with time zone, OUT forget_old_webhooks timestamp with time zone, OUT send_due_letters timestamp with time zone, OUT look_at_due_imports timestamp with time zone) TO standby_worker;

-- FUNCTION next_reminder(p_rule text, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_timezone text, p_from_minute integer, p_until_minute integer, p_after timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.next_reminder(p_rule text, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_timezone text, p_from_minute integer, p_until_minute integer, p_after timestamp with time zone) FROM PUBLIC;

-- FUNCTION note_delivery(p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text, p_at timestamp with time zone, p_now timestamp with time zone, OUT customer uuid, OUT taken_at timestamp with time zone, OUT settled boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.note_delivery(p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text, p_at timestamp with time zone, p_now timestamp with time zone, OUT customer uuid, OUT taken_at timestamp with time zone, OUT settled boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.note_delivery(p_message uuid, p_channel text, p_provider text, p_provider_id text, p_state text, p_fault text, p_reason text, p_at timestamp with time zone, p_now timestamp with time zone, OUT customer uuid, OUT taken_at timestamp with time zone, OUT settled boolean) TO standby_app;

-- FUNCTION note_export(p_customer uuid); Type: ACL
REVOKE ALL ON FUNCTION standby.note_export(p_customer uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.note_export(p_customer uuid) TO standby_app;

-- FUNCTION note_trial(p_channel text); Type: ACL
REVOKE ALL ON FUNCTION standby.note_trial(p_channel text) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.note_trial(p_channel text) TO standby_app;

-- FUNCTION open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.open_letter(p_token_hash bytea, p_kind text, p_use boolean, p_now timestamp with time zone) TO standby_app;

-- FUNCTION pause_channel(p_tenant uuid, p_channel text, p_refused boolean, p_reason text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.pause_channel(p_tenant uuid, p_channel text, p_refused boolean, p_reason text, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION quiet_hours(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone, OUT begins_at timestamp with time zone, OUT ends_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.quiet_hours(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone, OUT begins_at timestamp with time zone, OUT ends_at timestamp with time zone) FROM PUBLIC;

-- FUNCTION quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.quiet_until(p_timezone text, p_from_minute integer, p_until_minute integer, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION read_due_calendars(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.read_due_calendars(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.read_due_calendars(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION reconcile(p_now timestamp with time zone, p_every interval); Type: ACL
REVOKE ALL ON FUNCTION standby.reconcile(p_now timestamp with time zone, p_every interval) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reconcile(p_now timestamp with time zone, p_every interval) TO standby_worker;

-- FUNCTION record_change(); Type: ACL
REVOKE ALL ON FUNCTION standby.record_change() FROM PUBLIC;

-- FUNCTION record_outcomes(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[], p_details text[], p_retry_at timestamp with time zone[], p_at timestamp with time zone[], p_segments integer[]); Type: ACL
REVOKE ALL ON FUNCTION standby.record_outcomes(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[], p_details text[], p_retry_at timestamp with time zone[], p_at timestamp with time zone[], p_segments integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.record_outcomes(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_outcomes text[], p_providers text[], p_provider_ids text[], p_details text[], p_retry_at timestamp with time zone[], p_at timestamp with time zone[], p_segments integer[]) TO standby_worker;

-- FUNCTION recover_stale_messages(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.recover_stale_messages(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.recover_stale_messages(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION refill_for(p_entry uuid, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.refill_for(p_entry uuid, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.refill_for(p_entry uuid, p_now timestamp with time zone) TO standby_app;

-- FUNCTION remind_due_bookings(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.remind_due_bookings(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.remind_due_bookings(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION remind_due_offers(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.remind_due_offers(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.remind_due_offers(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION reminder_of(p_tenant uuid, p_service uuid, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_after timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.reminder_of(p_tenant uuid, p_service uuid, p_since timestamp with time zone, p_starts_at timestamp with time zone, p_after timestamp with time zone) FROM PUBLIC;

-- FUNCTION renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.renew_leases(p_tenants uuid[], p_ids uuid[], p_lease_ids uuid[], p_until timestamp with time zone) TO standby_worker;

-- FUNCTION reread_callbacks(p_now timestamp with time zone, p_every interval); Type: ACL
REVOKE ALL ON FUNCTION standby.reread_callbacks(p_now timestamp with time zone, p_every interval) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reread_callbacks(p_now timestamp with time zone, p_every interval) TO standby_worker;

-- FUNCTION reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reseal_calendar(p_tenant uuid, p_link uuid, p_old bytea, p_new bytea) TO standby_worker;

-- FUNCTION reseal_factor(p_user uuid, p_old bytea, p_new bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.reseal_factor(p_user uuid, p_old bytea, p_new bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reseal_factor(p_user uuid, p_old bytea, p_new bytea) TO standby_worker;

-- FUNCTION reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reseal_sender(p_tenant uuid, p_channel text, p_version uuid, p_secrets bytea) TO standby_worker;

-- FUNCTION reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea); Type: ACL
REVOKE ALL ON FUNCTION standby.reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.reseal_webhook(p_tenant uuid, p_endpoint uuid, p_old bytea, p_new bytea) TO standby_worker;

-- FUNCTION resend_undelivered(p_tenant uuid, p_id uuid, p_reason text, p_now timestamp with time zone, p_again boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.resend_undelivered(p_tenant uuid, p_id uuid, p_reason text, p_now timestamp with time zone, p_again boolean) FROM PUBLIC;

-- FUNCTION salons_of_account(); Type: ACL
REVOKE ALL ON FUNCTION standby.salons_of_account() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.salons_of_account() TO standby_app;

-- FUNCTION sealed_calendars(); Type: ACL
REVOKE ALL ON FUNCTION standby.sealed_calendars() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.sealed_calendars() TO standby_worker;

-- FUNCTION sealed_factors(); Type: ACL
REVOKE ALL ON FUNCTION standby.sealed_factors() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.sealed_factors() TO standby_worker;

-- FUNCTION sealed_senders(p_tenant uuid, p_channel text); Type: ACL
REVOKE ALL ON FUNCTION standby.sealed_senders(p_tenant uuid, p_channel text) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.sealed_senders(p_tenant uuid, p_channel text) TO standby_worker;

-- FUNCTION sealed_webhooks(); Type: ACL
REVOKE ALL ON FUNCTION standby.sealed_webhooks() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.sealed_webhooks() TO standby_worker;

-- FUNCTION send_due_letters(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.send_due_letters(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.send_due_letters(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION send_due_webhooks(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.send_due_webhooks(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.send_due_webhooks(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION send_priority(p_tenant uuid, p_id uuid, p_created_at timestamp with time zone, p_urgency integer); Type: ACL
REVOKE ALL ON FUNCTION standby.send_priority(p_tenant uuid, p_id uuid, p_created_at timestamp with time zone, p_urgency integer) FROM PUBLIC;

-- FUNCTION set_marked_reminders(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.set_marked_reminders(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.set_marked_reminders(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamp with time zone, p_sent_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.set_offer_clock(p_tenant uuid, p_offer uuid, p_from timestamp with time zone, p_sent_at timestamp with time zone) FROM PUBLIC;

-- FUNCTION set_operator(p_email text, p_is boolean); Type: ACL
REVOKE ALL ON FUNCTION standby.set_operator(p_email text, p_is boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.set_operator(p_email text, p_is boolean) TO standby_worker;

-- FUNCTION set_reminder(); Type: ACL
REVOKE ALL ON FUNCTION standby.set_reminder() FROM PUBLIC;

-- FUNCTION settle_sent(p_tenant uuid, p_id uuid, p_provider text, p_provider_id text, p_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.settle_sent(p_tenant uuid, p_id uuid, p_provider text, p_provider_id text, p_at timestamp with time zone) FROM PUBLIC;

-- FUNCTION start_due_fills(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.start_due_fills(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.start_due_fills(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION store_callback(p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea, p_hears boolean, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.store_callback(p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea, p_hears boolean, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.store_callback(p_tenants uuid[], p_senders text[], p_channels text[], p_provider text, p_digest bytea, p_query text, p_body bytea, p_hears boolean, p_now timestamp with time zone) TO standby_worker;

-- FUNCTION take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.take_attempt(p_keys bytea[], p_free integer[], p_longest interval[], p_now timestamp with time zone) TO standby_app;

-- FUNCTION take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.take_permit(p_keys bytea[], p_every interval[], p_at_once integer[], p_now timestamp with time zone) TO standby_app;

-- FUNCTION take_turn(p_tenant uuid); Type: ACL
REVOKE ALL ON FUNCTION standby.take_turn(p_tenant uuid) FROM PUBLIC;

-- FUNCTION tell_of_failed_reminder(p_tenant uuid, p_message uuid, p_reason text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.tell_of_failed_reminder(p_tenant uuid, p_message uuid, p_reason text, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION tell_of_unwritten(p_link uuid, p_failure text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.tell_of_unwritten(p_link uuid, p_failure text, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.tell_of_unwritten(p_link uuid, p_failure text, p_now timestamp with time zone) TO standby_app;

-- FUNCTION tell_salon(p_tenant uuid, p_kind text, p_key text, p_details jsonb, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.tell_salon(p_tenant uuid, p_kind text, p_key text, p_details jsonb, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION uncertain_messages(); Type: ACL
REVOKE ALL ON FUNCTION standby.uncertain_messages() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.uncertain_messages() TO standby_worker;

-- FUNCTION unreadable_callbacks(); Type: ACL
REVOKE ALL ON FUNCTION standby.unreadable_callbacks() FROM PUBLIC;
GRANT ALL ON FUNCTION standby.unreadable_callbacks() TO standby_worker;

-- FUNCTION unsent_letters(p_since timestamp with time zone, OUT number bigint, OUT reason text); Type: ACL
REVOKE ALL ON FUNCTION standby.unsent_letters(p_since timestamp with time zone, OUT number bigint, OUT reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.unsent_letters(p_since timestamp with time zone, OUT number bigint, OUT reason text) TO standby_worker;

-- FUNCTION used_up_channels(p_tenant uuid, p_timezone text, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.used_up_channels(p_tenant uuid, p_timezone text, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION used_up_quotas(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.used_up_quotas(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.used_up_quotas(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION wake_due_messages(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.wake_due_messages(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.wake_due_messages(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION withdraw_undelivered_offer(p_tenant uuid, p_offer uuid, p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.withdraw_undelivered_offer(p_tenant uuid, p_offer uuid, p_now timestamp with time zone) FROM PUBLIC;

-- FUNCTION write_due_events(p_now timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.write_due_events(p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION standby.write_due_events(p_now timestamp with time zone) TO standby_worker;

-- FUNCTION write_event(p_tenant uuid, p_event text, p_data jsonb, p_at timestamp with time zone); Type: ACL
REVOKE ALL ON FUNCTION standby.write_event(p_tenant uuid, p_event text, p_data jsonb, p_at timestamp with time zone) FROM PUBLIC;

-- TABLE busy_times; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.busy_times TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.busy_times TO standby_system;

-- TABLE closures; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.closures TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.closures TO standby_system;

-- TABLE absences; Type: ACL
GRANT SELECT ON TABLE standby.absences TO standby_app;
GRANT SELECT ON TABLE standby.absences TO standby_system;

-- TABLE api_keys; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.api_keys TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.api_keys TO standby_system;

-- TABLE attempts; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.attempts TO standby_system;

-- TABLE audit_log; Type: ACL
GRANT SELECT ON TABLE standby.audit_log TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.audit_log TO standby_system;

-- SEQUENCE audit_log_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.audit_log_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.audit_log_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.audit_log_id_seq TO standby_system;

-- TABLE bookings; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.bookings TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.bookings TO standby_system;

-- TABLE business_hours; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.business_hours TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.business_hours TO standby_system;

-- TABLE calendar_events; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_events TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_events TO standby_system;

-- TABLE calendar_feeds; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_feeds TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_feeds TO standby_system;

-- TABLE calendar_links; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_links TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_links TO standby_system;

-- TABLE calendar_pushes; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_pushes TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_pushes TO standby_system;

-- TABLE calendar_requests; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_requests TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.calendar_requests TO standby_system;

-- TABLE callbacks; Type: ACL
GRANT SELECT,UPDATE ON TABLE standby.callbacks TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.callbacks TO standby_system;

-- TABLE channel_pauses; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.channel_pauses TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.channel_pauses TO standby_system;

-- TABLE consents; Type: ACL
GRANT SELECT,INSERT ON TABLE standby.consents TO standby_app;
GRANT SELECT,INSERT ON TABLE standby.consents TO standby_system;

-- TABLE counted_visits; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.counted_visits TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.counted_visits TO standby_system;

-- TABLE customers; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.customers TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.customers TO standby_system;

-- TABLE former_bookings; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.former_bookings TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.former_bookings TO standby_system;

-- TABLE history; Type: ACL
GRANT SELECT,INSERT ON TABLE standby.history TO standby_app;
GRANT SELECT,INSERT ON TABLE standby.history TO standby_system;

-- COLUMN history.reason; Type: ACL
GRANT UPDATE(reason) ON TABLE standby.history TO standby_system;

-- COLUMN history.details; Type: ACL
GRANT UPDATE(details) ON TABLE standby.history TO standby_system;

-- SEQUENCE history_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.history_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.history_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.history_id_seq TO standby_system;

-- TABLE idempotency_keys; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.idempotency_keys TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.idempotency_keys TO standby_system;

-- TABLE imports; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.imports TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.imports TO standby_system;

-- TABLE invitations; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.invitations TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.invitations TO standby_system;

-- TABLE letters; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.letters TO standby_system;

-- TABLE memberships; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.memberships TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.memberships TO standby_system;

-- TABLE message_events; Type: ACL
GRANT SELECT,INSERT ON TABLE standby.message_events TO standby_app;
GRANT SELECT,INSERT ON TABLE standby.message_events TO standby_system;

-- COLUMN message_events.details; Type: ACL
GRANT UPDATE(details) ON TABLE standby.message_events TO standby_system;

-- SEQUENCE message_events_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.message_events_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.message_events_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.message_events_id_seq TO standby_system;

-- TABLE messages; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.messages TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.messages TO standby_system;

-- TABLE notices; Type: ACL
GRANT SELECT,UPDATE ON TABLE standby.notices TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.notices TO standby_system;

-- TABLE offer_tokens; Type: ACL
GRANT SELECT ON TABLE standby.offer_tokens TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.offer_tokens TO standby_system;

-- TABLE offers; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.offers TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.offers TO standby_system;

-- TABLE pgqueuer; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.pgqueuer TO standby_worker;
GRANT SELECT,INSERT ON TABLE standby.pgqueuer TO standby_system;

-- SEQUENCE pgqueuer_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.pgqueuer_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.pgqueuer_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.pgqueuer_id_seq TO standby_system;

-- TABLE pgqueuer_log; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.pgqueuer_log TO standby_worker;
GRANT SELECT ON TABLE standby.pgqueuer_log TO standby_system;

-- SEQUENCE pgqueuer_log_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.pgqueuer_log_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.pgqueuer_log_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.pgqueuer_log_id_seq TO standby_system;

-- TABLE pgqueuer_schedules; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.pgqueuer_schedules TO standby_worker;
GRANT SELECT ON TABLE standby.pgqueuer_schedules TO standby_system;

-- SEQUENCE pgqueuer_schedules_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.pgqueuer_schedules_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.pgqueuer_schedules_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.pgqueuer_schedules_id_seq TO standby_system;

-- TABLE pgqueuer_statistics; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.pgqueuer_statistics TO standby_worker;
GRANT SELECT ON TABLE standby.pgqueuer_statistics TO standby_system;

-- SEQUENCE pgqueuer_statistics_id_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.pgqueuer_statistics_id_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.pgqueuer_statistics_id_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.pgqueuer_statistics_id_seq TO standby_system;

-- TABLE policies; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.policies TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.policies TO standby_system;

-- TABLE preferences; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.preferences TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.preferences TO standby_system;

-- TABLE public_limits; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.public_limits TO standby_system;

-- TABLE queue_pauses; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.queue_pauses TO standby_worker;
GRANT SELECT ON TABLE standby.queue_pauses TO standby_system;

-- TABLE quotas; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.quotas TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.quotas TO standby_system;

-- TABLE rate_limits; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.rate_limits TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.rate_limits TO standby_system;

-- TABLE recovery_codes; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.recovery_codes TO standby_system;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.recovery_codes TO standby_app;

-- TABLE refresh_tokens; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.refresh_tokens TO standby_system;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.refresh_tokens TO standby_app;

-- SEQUENCE reminder_passes; Type: ACL
GRANT USAGE ON SEQUENCE standby.reminder_passes TO standby_app;
GRANT USAGE ON SEQUENCE standby.reminder_passes TO standby_worker;
GRANT USAGE ON SEQUENCE standby.reminder_passes TO standby_system;

-- TABLE replies; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.replies TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.replies TO standby_system;

-- TABLE saved_views; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.saved_views TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.saved_views TO standby_system;

-- TABLE senders; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.senders TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.senders TO standby_system;

-- TABLE services; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.services TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.services TO standby_system;

-- TABLE sessions; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.sessions TO standby_system;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.sessions TO standby_app;

-- TABLE slots; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.slots TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.slots TO standby_system;

-- TABLE staff; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff TO standby_system;

-- TABLE staff_hours; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff_hours TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff_hours TO standby_system;

-- TABLE staff_services; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff_services TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.staff_services TO standby_system;

-- TABLE story_counted; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.story_counted TO standby_system;

-- TABLE story_totals; Type: ACL
GRANT SELECT ON TABLE standby.story_totals TO standby_worker;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.story_totals TO standby_system;

-- TABLE tenants; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.tenants TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.tenants TO standby_system;

-- TABLE texts; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.texts TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.texts TO standby_system;

-- TABLE transitions; Type: ACL
GRANT SELECT ON TABLE standby.transitions TO standby_app;
GRANT SELECT ON TABLE standby.transitions TO standby_system;

-- TABLE usage; Type: ACL
GRANT SELECT ON TABLE standby.usage TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.usage TO standby_system;

-- TABLE users; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.users TO standby_system;
GRANT SELECT ON TABLE standby.users TO standby_app;

-- COLUMN users.id; Type: ACL
GRANT INSERT(id) ON TABLE standby.users TO standby_app;

-- COLUMN users.email; Type: ACL
GRANT INSERT(email),UPDATE(email) ON TABLE standby.users TO standby_app;

-- COLUMN users.password_hash; Type: ACL
GRANT INSERT(password_hash),UPDATE(password_hash) ON TABLE standby.users TO standby_app;

-- COLUMN users.verified_at; Type: ACL
GRANT INSERT(verified_at),UPDATE(verified_at) ON TABLE standby.users TO standby_app;

-- COLUMN users.locale; Type: ACL
GRANT INSERT(locale),UPDATE(locale) ON TABLE standby.users TO standby_app;

-- COLUMN users.totp_secret; Type: ACL
GRANT UPDATE(totp_secret) ON TABLE standby.users TO standby_app;

-- COLUMN users.totp_since; Type: ACL
GRANT UPDATE(totp_since) ON TABLE standby.users TO standby_app;

-- COLUMN users.totp_counter; Type: ACL
GRANT UPDATE(totp_counter) ON TABLE standby.users TO standby_app;

-- COLUMN users.created_at; Type: ACL
GRANT INSERT(created_at) ON TABLE standby.users TO standby_app;

-- TABLE verifications; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.verifications TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.verifications TO standby_system;

-- TABLE waitlist_entries; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.waitlist_entries TO standby_app;
GRANT SELECT,INSERT,UPDATE ON TABLE standby.waitlist_entries TO standby_system;

-- TABLE webhook_deliveries; Type: ACL
GRANT SELECT,INSERT,UPDATE ON TABLE standby.webhook_deliveries TO standby_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.webhook_deliveries TO standby_system;

-- SEQUENCE webhook_deliveries_seq_seq; Type: ACL
GRANT USAGE ON SEQUENCE standby.webhook_deliveries_seq_seq TO standby_app;
GRANT USAGE ON SEQUENCE standby.webhook_deliveries_seq_seq TO standby_worker;
GRANT USAGE ON SEQUENCE standby.webhook_deliveries_seq_seq TO standby_system;

-- TABLE webhook_endpoints; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.webhook_endpoints TO standby_app;
GRANT SELECT,UPDATE ON TABLE standby.webhook_endpoints TO standby_system;

-- TABLE work_minutes; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.work_minutes TO standby_worker;
GRANT SELECT ON TABLE standby.work_minutes TO standby_system;

-- TABLE workers; Type: ACL
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE standby.workers TO standby_worker;
GRANT SELECT ON TABLE standby.workers TO standby_system;
-- PostgreSQL database dump complete
