SELECT s.channel, s.provider, s.address, s.options, s.changed_at, s.heard_at, p.paused_until, p.paused_until > $1 AS paused, p.reason
FROM senders s
LEFT JOIN channel_pauses p ON p.tenant_id = s.tenant_id AND p.channel = s.channel
WHERE s.tenant_id = current_tenant()
ORDER BY s.channel
