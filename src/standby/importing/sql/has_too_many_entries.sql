-- Has one of these customers more than $2 active entries?
SELECT EXISTS (SELECT FROM waitlist_entries
               WHERE tenant_id = current_tenant() AND customer_id = ANY ($1::uuid[])
                 AND status IN ('waiting', 'notified', 'cooldown')
               GROUP BY customer_id HAVING count(*) > $2)
