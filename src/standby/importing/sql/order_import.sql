-- What was looked at is to be written; no row: it is gone, or somebody has said so already.
UPDATE imports
SET state = 'writing', skip = $2, author = $3, asked_at = $4, look_at = $5, rows_done = 0, rows_total = NULL, attempts = 0
WHERE tenant_id = current_tenant() AND id = $1 AND state = 'checked'
RETURNING id, enqueue('book.import', id, 2)
