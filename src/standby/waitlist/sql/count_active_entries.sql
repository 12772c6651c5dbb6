-- How many active entries a customer has, and the salon's rules.
SELECT (SELECT count(*) FROM waitlist_entries e
        WHERE e.tenant_id = p.tenant_id AND e.customer_id = $1
          AND e.status IN ('waiting', 'notified', 'cooldown')) AS current,
       to_jsonb(p) AS policy
FROM policies p WHERE p.tenant_id = current_tenant() AND p.service_id IS NULL
