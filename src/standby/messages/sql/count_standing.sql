-- How a salon's messages and deadlines stand at $1. waiting: messages that may go out now. active: being sent. completed:
-- sent within 24 hours. failed: not sent, or nobody knows whether they were. Of these two, what was written within a week
-- counts. delayed: deadlines to come, of messages that wait for their time, the next reminder of each booking, open offers,
-- cooldowns, and slots whose first offer is put off.
SELECT (SELECT count(*) FROM messages
        WHERE tenant_id = current_tenant() AND next_attempt_at IS NOT NULL AND not_before <= $1) AS waiting,
       written.active, written.completed, written.failed,
       (SELECT count(*) FROM messages
        WHERE tenant_id = current_tenant() AND next_attempt_at IS NOT NULL AND not_before > $1)
       + (SELECT count(*) FROM bookings WHERE tenant_id = current_tenant() AND remind_at > $1)
       + (SELECT count(*) FROM offers WHERE tenant_id = current_tenant() AND status = 'pending' AND expires_at > $1)
       + (SELECT count(*) FROM waitlist_entries
          WHERE tenant_id = current_tenant() AND status = 'cooldown' AND cooldown_until > $1)
       + (SELECT count(*) FROM slots WHERE tenant_id = current_tenant() AND fill_at > $1) AS delayed
FROM (SELECT count(*) FILTER (WHERE status = 'sending') AS active,
             count(*) FILTER (WHERE status = 'sent' AND sent_at > $1::timestamptz - interval '24 hours') AS completed,
             count(*) FILTER (WHERE status IN ('failed', 'uncertain')) AS failed
      FROM messages
      WHERE tenant_id = current_tenant() AND created_at > $1::timestamptz - interval '7 days') AS written
