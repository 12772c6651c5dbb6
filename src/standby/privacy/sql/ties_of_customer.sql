-- Whether customer $1 is there at all, their appointments that are still to come at $2, and their active waitlist entries.
SELECT EXISTS (SELECT FROM customers WHERE tenant_id = current_tenant() AND id = $1 AND erased_at IS NULL) AS known,
       ARRAY(SELECT id FROM bookings
             WHERE tenant_id = current_tenant() AND customer_id = $1 AND status = 'confirmed' AND ends_at > $2
             ORDER BY starts_at) AS bookings,
       ARRAY(SELECT id FROM waitlist_entries
             WHERE tenant_id = current_tenant() AND customer_id = $1 AND status IN ('waiting', 'notified', 'cooldown')
             ORDER BY id) AS entries
