-- Tells the salon's webhooks of a message that nobody takes any more, in the transaction that ends it. Its time is that of
-- the last line about it, which is written before. Nothing is told of a code: it is about no customer.
CREATE OR REPLACE FUNCTION follow_messages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = standby, pg_temp
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

CREATE OR REPLACE TRIGGER messages_webhooks AFTER UPDATE OF status ON messages
    FOR EACH ROW WHEN (new.status = 'failed' AND old.status <> 'failed' AND new.customer_id IS NOT NULL) EXECUTE FUNCTION follow_messages();
