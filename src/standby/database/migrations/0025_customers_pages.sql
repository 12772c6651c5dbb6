-- Codes for a customer's own page, and a salon's accent colour
-- depends: 0024_bookings_per_phone

-- migrate: apply

-- A code shows who they are before a customer is given what is known of them, or is erased.
ALTER TABLE verifications DROP CONSTRAINT verifications_purpose_check;
ALTER TABLE verifications ADD CONSTRAINT verifications_purpose_check CHECK (purpose IN ('booking', 'waitlist', 'data'));

-- NULL: Standby's own green.
ALTER TABLE tenants ADD COLUMN accent text CHECK (accent ~ '^#[0-9a-f]{6}$');

-- migrate: rollback
ALTER TABLE tenants DROP COLUMN accent;
DELETE FROM verifications WHERE purpose = 'data';
ALTER TABLE verifications DROP CONSTRAINT verifications_purpose_check;
ALTER TABLE verifications ADD CONSTRAINT verifications_purpose_check CHECK (purpose IN ('booking', 'waitlist'));
