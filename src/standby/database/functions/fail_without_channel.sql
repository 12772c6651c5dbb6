-- Ends a message that no channel is left for: by_quota, because one that would do is used up for this month. Of a reminder
-- that was refused by others before, the salon is told.
CREATE OR REPLACE FUNCTION fail_without_channel(p_tenant uuid, p_id uuid, p_now timestamptz, by_quota boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = standby, pg_temp
AS $$
    INSERT INTO message_events (tenant_id, message_id, event, details, at)
    VALUES (p_tenant, p_id, 'failed',
            CASE WHEN by_quota THEN 'the month''s quota is used up, and the customer has no other open channel'
                 ELSE 'the customer has no open channel left' END, p_now);
    UPDATE messages SET status = 'failed', next_attempt_at = NULL,
                        reason = CASE WHEN by_quota THEN 'quota' ELSE 'no_open_channel' END
    WHERE tenant_id = p_tenant AND id = p_id;
    SELECT tell_of_failed_reminder(p_tenant, p_id, m.reason, p_now) FROM messages m
    WHERE m.tenant_id = p_tenant AND m.id = p_id AND m.kind = 'reminder' AND m.failed_channels <> '{}';
$$;
