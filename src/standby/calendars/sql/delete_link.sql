-- Forgets a linked calendar, what is known of it, and what was to be written to it.
DELETE FROM calendar_links WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
