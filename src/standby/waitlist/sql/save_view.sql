-- Keeps a view; one of the same name gives way to it. No row: the salon has $5 others already.
INSERT INTO saved_views (tenant_id, id, name, filters, created_at)
SELECT current_tenant(), $1, $2, $3, $4
WHERE (SELECT count(*) FROM saved_views WHERE tenant_id = current_tenant() AND name <> $2) < $5
ON CONFLICT (tenant_id, name) DO UPDATE SET filters = excluded.filters
RETURNING id
