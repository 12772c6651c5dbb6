-- What has not arrived of what was written since $1, the newest first: by no channel, or nobody knows whether it did.
SELECT m.id, m.kind, m.status, m.delivery, m.channel, m.reason, m.created_at, m.customer_id, c.name AS customer_name
FROM messages m
LEFT JOIN customers c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
WHERE m.tenant_id = current_tenant() AND m.created_at > $1
  AND (m.status IN ('failed', 'uncertain') OR m.status = 'sent' AND m.delivery = 'failed')
ORDER BY m.created_at DESC, m.id DESC
LIMIT $2
