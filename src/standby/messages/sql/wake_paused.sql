-- Lets the messages go on that wait for a channel's pause to end.
UPDATE messages SET not_before = $1, next_attempt_at = $1, reason = ''
WHERE tenant_id = current_tenant() AND status = 'queued' AND reason = 'channel_paused' AND next_attempt_at > $1
