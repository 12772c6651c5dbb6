-- Who has a column in the salon's calendar from $1 to $2: everybody who works there, and whoever doesn't any more but has
-- appointments then; with the week of their own. At most 200.
SELECT st.id, st.name, st.active,
       (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.opens_minute, h.closes_minute))
        FROM staff_hours h WHERE h.tenant_id = st.tenant_id AND h.staff_id = st.id) AS hours
FROM staff st
WHERE st.tenant_id = current_tenant()
  AND (st.active OR EXISTS (SELECT FROM bookings b
                            WHERE b.tenant_id = st.tenant_id AND b.staff_id = st.id AND b.status <> 'cancelled'
                              AND b.starts_at >= $1::timestamptz AND b.starts_at < $2::timestamptz))
ORDER BY st.active DESC, st.name, st.id
LIMIT 200
