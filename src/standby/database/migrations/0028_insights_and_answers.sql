-- A salon's figures are counted from what opened in a stretch of time; people answer customers in their own words
-- depends: 0026_saved_views

-- migrate: apply

-- One line of history a slot, and none of the others: what a salon's times have become is asked for by when they opened.
CREATE INDEX history_opened_slots ON history (tenant_id, at, entity_id)
    WHERE entity = 'slot' AND from_state IS NULL AND to_state = 'open';

ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN ('offer', 'offer_reminder', 'booked', 'too_late', 'passed_on',
        'booking_confirmed', 'reminder', 'changed', 'cancelled', 'verify_code', 'help', 'help_booking', 'call_salon',
        'which_one', 'stopped', 'started', 'by_hand')),
    DROP CONSTRAINT messages_about_a_time,
    ADD CONSTRAINT messages_about_a_time CHECK (slot_id IS NOT NULL
        OR kind IN ('help', 'which_one', 'stopped', 'started', 'verify_code', 'by_hand'));

-- It takes one argument more.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[], bytea[]);

-- migrate: rollback
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[], bytea[], text[]);
DELETE FROM message_events e USING messages m
WHERE m.tenant_id = e.tenant_id AND m.id = e.message_id AND m.kind = 'by_hand';
DELETE FROM messages WHERE kind = 'by_hand';
ALTER TABLE messages
    DROP CONSTRAINT messages_about_a_time,
    ADD CONSTRAINT messages_about_a_time CHECK (slot_id IS NOT NULL
        OR kind IN ('help', 'which_one', 'stopped', 'started', 'verify_code')),
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN ('offer', 'offer_reminder', 'booked', 'too_late', 'passed_on',
        'booking_confirmed', 'reminder', 'changed', 'cancelled', 'verify_code', 'help', 'help_booking', 'call_salon',
        'which_one', 'stopped', 'started'));
DROP INDEX history_opened_slots;
