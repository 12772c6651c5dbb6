-- How many active entries the salon has.
SELECT count(*) FROM waitlist_entries
WHERE tenant_id = current_tenant() AND status IN ('waiting', 'notified', 'cooldown')
