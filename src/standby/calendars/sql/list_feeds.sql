-- The salon's feeds: its own first, then the staff's by name.
SELECT f.id, f.staff_id, f.contacts, f.created_at
FROM calendar_feeds f
LEFT JOIN staff st ON st.tenant_id = f.tenant_id AND st.id = f.staff_id
WHERE f.tenant_id = current_tenant()
ORDER BY st.name NULLS FIRST
