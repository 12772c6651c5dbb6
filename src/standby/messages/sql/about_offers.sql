-- What was written about some offers, the newest first.
SELECT id, offer_id, kind, status, delivery, channel, reason, created_at, sent_at
FROM messages
WHERE tenant_id = current_tenant() AND offer_id = ANY ($1::uuid[])
ORDER BY created_at DESC, id DESC
LIMIT 500
