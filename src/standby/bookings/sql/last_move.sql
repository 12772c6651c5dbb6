-- From what to what a booking was last moved or stretched, and when. No row: it never was.
SELECT details, at FROM history
WHERE tenant_id = current_tenant() AND entity_id = $1 AND entity = 'booking' AND reason = 'moved'
ORDER BY id DESC LIMIT 1
