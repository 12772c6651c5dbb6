-- A job for every queued message.
SELECT count(enqueue_for(tenant_id, 'message.send', id, 10)) FROM messages WHERE status = 'queued'
