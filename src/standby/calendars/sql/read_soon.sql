-- Has a linked calendar read at once, whatever it waits for; and what could not be written to it, written. One that has to
-- be connected anew can't be.
WITH link AS (
    UPDATE calendar_links SET next_read_at = $2
    WHERE tenant_id = current_tenant() AND id = $1 AND state <> 'reconnect'
    RETURNING tenant_id, id
), events AS (
    UPDATE calendar_events e SET next_attempt_at = greatest($2, e.lease_until)
    FROM link WHERE e.tenant_id = link.tenant_id AND e.link_id = link.id AND e.written < e.wanted
)
SELECT id FROM link
