-- Where history and the messages' events end now.
SELECT (SELECT coalesce(max(id), 0) FROM history WHERE tenant_id = current_tenant()) AS happenings_since,
       (SELECT coalesce(max(id), 0) FROM message_events WHERE tenant_id = current_tenant()) AS messages_since
