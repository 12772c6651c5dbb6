-- Writes down what followed from a reply: $2 outcome, $3 the offer that it answered, $4 who has handled it, NULL: it is
-- for somebody at the salon to read.
UPDATE replies
SET outcome = $2, offer_id = $3, handled_by = $4, handled_at = CASE WHEN $4::text IS NOT NULL THEN received_at END
WHERE tenant_id = current_tenant() AND id = $1
