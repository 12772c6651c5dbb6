-- Adds a webhook: $1 id, $2 address, $3 description, $4 events, $5 whether it is told contacts, $6 its sealed secret.
-- No row: there is one of this id; of two at once one waits, and finds the other's.
INSERT INTO webhook_endpoints (tenant_id, id, url, description, events, contacts, secrets, active, created_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, id) DO NOTHING
RETURNING id
