-- Links a calendar with a staff member, or connects it anew: it is read from its beginning, soon.
INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, secrets, writes, state, next_read_at, created_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, 'active', $7, $7)
ON CONFLICT (tenant_id, staff_id, kind, address) DO UPDATE
SET secrets = excluded.secrets, writes = excluded.writes, state = 'active', failure = NULL, failing_since = NULL,
    failures = 0, place = '{}', next_read_at = excluded.next_read_at
RETURNING id
