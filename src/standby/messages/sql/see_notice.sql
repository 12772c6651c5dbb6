-- No row: there is no such notice.
UPDATE notices SET seen_at = coalesce(seen_at, $2) WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
