-- The entry that an entry was put back in place of (put_back_entry.sql): it waited since the same moment. No row: none.
SELECT f.id
FROM waitlist_entries e
JOIN waitlist_entries f ON f.tenant_id = e.tenant_id AND f.customer_id = e.customer_id AND f.joined_at = e.joined_at
                       AND f.service_id = e.service_id AND f.id < e.id
WHERE e.tenant_id = current_tenant() AND e.id = $1
ORDER BY f.id DESC LIMIT 1
