-- Tells the salon's webhooks of what history is told of bookings, entries, offers and slots, in its transaction. A salon
-- without one pays for the first look: one probe of an index, on the way of every offer.
CREATE OR REPLACE FUNCTION follow_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
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

CREATE OR REPLACE TRIGGER history_webhooks AFTER INSERT ON history
    FOR EACH ROW WHEN (new.to_state IS NOT NULL OR new.reason = 'moved') EXECUTE FUNCTION follow_history();
