-- From what to what a booking was last moved or stretched. No row: it never was.
SELECT details FROM history
WHERE tenant_id = current_tenant() AND entity_id = $1 AND entity = 'booking' AND reason = 'moved'
ORDER BY id DESC LIMIT 1
