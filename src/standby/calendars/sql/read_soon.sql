-- Has a linked calendar read at once, whatever it waits for; and what could not be written to it, written. One that has to
-- be connected anew can't be.
WITH link AS (
    UPDATE calendar_links SET next_read_at = $2
    WHERE tenant_id = current_tenant() AND id = $1 AND state <> 'reconnect'
    RETURNING tenant_id, id
), waiting AS MATERIALIZED (
    SELECT e.tenant_id, e.id FROM link JOIN calendar_events e ON e.tenant_id = link.tenant_id AND e.link_id = link.id
    WHERE e.written < e.wanted
    ORDER BY e.id FOR NO KEY UPDATE OF e
), events AS (
    UPDATE calendar_events e SET next_attempt_at = greatest($2, e.lease_until)
    FROM waiting w WHERE e.tenant_id = w.tenant_id AND e.id = w.id
)
SELECT id FROM link
