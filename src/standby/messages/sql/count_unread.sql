-- How many replies somebody at the salon has to read, up to $1.
SELECT count(*)::integer
FROM (SELECT FROM replies WHERE tenant_id = current_tenant() AND handled_at IS NULL LIMIT $1) AS unread
