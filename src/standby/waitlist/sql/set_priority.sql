-- Replaces an entry's score, or gives it back its own (NULL).
UPDATE waitlist_entries SET priority_override = $2 WHERE tenant_id = current_tenant() AND id = $1
