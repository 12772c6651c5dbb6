-- The salon's new import takes the place of its last one, unless that still runs; then there is no row.
INSERT INTO imports (tenant_id, id, state, files, author, asked_at, look_at)
VALUES (current_tenant(), $1, 'checking', $2, $3, $4, $5)
ON CONFLICT (tenant_id) DO UPDATE
SET id = excluded.id, state = 'checking', files = excluded.files, skip = false, rows_done = 0, rows_total = NULL, attempts = 0,
    author = excluded.author, told = NULL, asked_at = excluded.asked_at, lease_until = NULL, look_at = excluded.look_at
WHERE imports.state NOT IN ('checking', 'writing')
RETURNING id, enqueue('book.import', id, 2)
