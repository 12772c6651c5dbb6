-- Takes a customer of the caller's salon out of everything that is known: who they are, how they were reached, what they
-- wrote. What happened stays: that somebody booked, was offered, was told. For who has no appointment to come and waits for
-- nothing any more (privacy/personal_data.py sees to that, and idle customers haven't). false: there is no such customer, or not
-- any more. Rows are locked in the order of ARCHITECTURE.md. What was shown to a calendar is shown there anew.
CREATE OR REPLACE FUNCTION erase_customer(p_customer uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
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
