-- Reminders are set anew in batches: which of a salon's bookings have been, since its rules were changed
-- depends: 0015_preferences

-- migrate: apply

-- Numbers of the passes that set reminders anew; each begins after the change of rules that it is about.
CREATE SEQUENCE reminder_passes;
ALTER TABLE policies ADD COLUMN reminders_pass bigint;  -- NULL: it has not begun, or is over
ALTER TABLE bookings ADD COLUMN reminders_pass bigint NOT NULL DEFAULT 0;  -- the last one that set this booking's

-- migrate: rollback
ALTER TABLE bookings DROP COLUMN reminders_pass;
ALTER TABLE policies DROP COLUMN reminders_pass;
DROP SEQUENCE reminder_passes;
