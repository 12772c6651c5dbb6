-- Reminders: when a booking's next one is due, by which rules, and what answers one
-- depends: 0011_appointments

-- migrate: apply

-- There are no rows for reminders to come: a booking knows its next one. functions/set_reminder.sql keeps it right.
ALTER TABLE bookings
    ADD COLUMN remind_at timestamptz,            -- the next one; NULL: there is none
    ADD COLUMN reminder_number integer NOT NULL DEFAULT 1 CHECK (reminder_number > 0),  -- the next one's; never used twice
    ADD COLUMN reminders_since timestamptz,      -- from when they count: it was booked, or moved
    ADD CONSTRAINT bookings_reminded_while_confirmed CHECK (remind_at IS NULL OR status = 'confirmed');
ALTER TABLE bookings NO FORCE ROW LEVEL SECURITY;  -- So that its owner sees every salon's.
UPDATE bookings SET reminders_since = created_at;
ALTER TABLE bookings FORCE ROW LEVEL SECURITY;
ALTER TABLE bookings ALTER COLUMN reminders_since SET NOT NULL;
CREATE INDEX bookings_remind_due ON bookings (remind_at) WHERE remind_at IS NOT NULL;

-- Rules of reminders that were changed: the reminders of the bookings that are there have to be set anew.
ALTER TABLE policies ADD COLUMN reminders_marked timestamptz;
CREATE INDEX policies_marked ON policies (reminders_marked) WHERE reminders_marked IS NOT NULL;

-- The reminders of a booking.
CREATE INDEX messages_by_booking ON messages (tenant_id, booking_id) WHERE booking_id IS NOT NULL;

ALTER TABLE messages
    DROP CONSTRAINT messages_kind_check,
    ADD CONSTRAINT messages_kind_check CHECK (kind IN (
        'offer', 'offer_reminder', 'booked', 'too_late', 'passed_on', 'booking_confirmed', 'reminder', 'changed',
        'cancelled', 'verify_code', 'help', 'help_booking', 'call_salon', 'which_one', 'stopped', 'started'));

ALTER TABLE notices
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind IN ('quota_used_up', 'sender_refused', 'reminder_failed'));

-- They return more than they did.
DROP FUNCTION IF EXISTS next_deadlines();
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
ALTER TABLE bookings DROP COLUMN remind_at, DROP COLUMN reminder_number, DROP COLUMN reminders_since;
ALTER TABLE policies DROP COLUMN reminders_marked;
