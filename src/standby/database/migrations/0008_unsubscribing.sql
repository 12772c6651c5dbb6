-- Unsubscribing: who a message is to goes with its claim, for the link that ends all mails
-- depends: 0007_senders

-- migrate: apply

-- It returns more than it did.
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);

-- migrate: rollback
DROP FUNCTION IF EXISTS claim_messages(uuid[], uuid[], bytea[], uuid, timestamptz, timestamptz, text[]);
