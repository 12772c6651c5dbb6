-- Forgets the busy times of some events of a linked calendar ($2), or of all (NULL), and those that are over ($3).
DELETE FROM busy_times
WHERE tenant_id = current_tenant() AND link_id = $1
  AND ($2::text[] IS NULL OR event_id = ANY ($2::text[]) OR ends_at <= $3)
