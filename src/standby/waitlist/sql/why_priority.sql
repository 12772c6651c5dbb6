-- Why an entry's score was last replaced. NULL: it never was.
SELECT details ->> 'why' FROM history
WHERE tenant_id = current_tenant() AND entity_id = $1 AND entity = 'entry' AND reason = 'priority_override_set'
ORDER BY id DESC LIMIT 1
