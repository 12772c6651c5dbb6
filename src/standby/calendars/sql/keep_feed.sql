-- Makes a feed, or gives it a new address: the old one ends. $2 the staff member, NULL: the salon.
INSERT INTO calendar_feeds (tenant_id, id, staff_id, token_hash, contacts, created_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, staff_id) DO UPDATE
SET token_hash = excluded.token_hash, contacts = excluded.contacts, created_at = excluded.created_at
RETURNING id, staff_id, contacts, created_at
