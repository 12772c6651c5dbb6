-- How many calendars a staff member has linked ($1) besides this one.
SELECT count(*) FROM calendar_links
WHERE tenant_id = current_tenant() AND staff_id = $1 AND (kind, address) <> ($2, $3)
