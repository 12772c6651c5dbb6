-- Where the customer of an offer stands on the list: their active entry for the same wish if there is one, else the
-- offer's own, with what became of its booking; whether that wish can still be had (as check_wish.sql says), how many active
-- entries they have, and the salon's rules.
SELECT coalesce(there.status, own.status) AS status, there.id AS entry_id, there.id <> own.id AS again, there.cooldown_until, own.latest,
       b.status AS booking_status,
       EXISTS (SELECT FROM services sv WHERE sv.tenant_id = o.tenant_id AND sv.id = own.service_id AND sv.active)
       AND (own.staff_id IS NULL
            OR EXISTS (SELECT FROM staff st
                       JOIN staff_services ss ON ss.tenant_id = st.tenant_id AND ss.staff_id = st.id
                                             AND ss.service_id = own.service_id
                       WHERE st.tenant_id = o.tenant_id AND st.id = own.staff_id AND st.active)) AS offered,
       to_jsonb(p) AS policy,
       (SELECT count(*) FROM waitlist_entries e
        WHERE e.tenant_id = o.tenant_id AND e.customer_id = o.customer_id
          AND e.status IN ('waiting', 'notified', 'cooldown')) AS active
FROM offers o
JOIN waitlist_entries own ON own.tenant_id = o.tenant_id AND own.id = o.entry_id
JOIN policies p ON p.tenant_id = o.tenant_id AND p.service_id IS NULL
LEFT JOIN waitlist_entries there
       ON there.tenant_id = own.tenant_id AND there.customer_id = own.customer_id
      AND there.service_id = own.service_id AND there.staff_wish = own.staff_wish
      AND there.status IN ('waiting', 'notified', 'cooldown')
LEFT JOIN bookings b ON b.tenant_id = own.tenant_id AND b.id = own.booking_id
WHERE o.tenant_id = current_tenant() AND o.id = $1
