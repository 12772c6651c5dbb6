-- A linked calendar with what its adapter needs. No row: it is gone, or has to be connected anew.
SELECT l.id, l.staff_id, l.kind, l.address, l.secrets, l.place, l.failures, l.next_read_at, t.timezone
FROM calendar_links l JOIN tenants t ON t.id = l.tenant_id
WHERE l.tenant_id = current_tenant() AND l.id = $1 AND l.state <> 'reconnect'
