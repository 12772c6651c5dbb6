-- Keeps what a customer wrote; no row: it had come before.
-- $1 reply, $2 channel, $3 the provider's id, $4 customer or NULL, $5 their number or NULL, $6 text, $7 button or NULL,
-- $8 written, $9 now
INSERT INTO replies (tenant_id, id, channel, provider_id, customer_id, sender, text, button, written_at, received_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (tenant_id, channel, provider_id) DO NOTHING
RETURNING id
