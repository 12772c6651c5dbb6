-- Who works here, their own week, and when from $1 to $2 they are away or have a held or booked slot; moments in seconds since
-- 1970. With how long the shortest of their services takes (NULL: they offer none). No slot begins more than 28 hours
-- before it ends. The salon's slots of that time are read once, and not for each of its staff.
WITH taken AS MATERIALIZED (
    SELECT s.staff_id, array_agg(extract(epoch FROM coalesce(s.blocked_from, s.starts_at))::float8) AS begins,
           array_agg(extract(epoch FROM coalesce(s.blocked_until, s.ends_at))::float8) AS ends
    FROM slots s
    WHERE s.tenant_id = current_tenant() AND s.status IN ('held', 'booked')
      AND s.starts_at > $1::timestamptz - interval '28 hours' AND s.starts_at < $2::timestamptz
    GROUP BY s.staff_id
)
SELECT st.id, st.name,
       (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.opens_minute, h.closes_minute))
        FROM staff_hours h WHERE h.tenant_id = st.tenant_id AND h.staff_id = st.id) AS hours,
       away.begins AS away_from, away.ends AS away_until, taken.begins AS taken_from, taken.ends AS taken_until,
       (SELECT min(sv.duration_minutes) FROM staff_services can
        JOIN services sv ON sv.tenant_id = can.tenant_id AND sv.id = can.service_id AND sv.active
        WHERE can.tenant_id = st.tenant_id AND can.staff_id = st.id) AS shortest
FROM staff st
LEFT JOIN taken ON taken.staff_id = st.id
CROSS JOIN LATERAL (
    SELECT array_agg(extract(epoch FROM a.starts_at)::float8) AS begins,
           array_agg(extract(epoch FROM a.ends_at)::float8) AS ends
    FROM absences a
    WHERE a.tenant_id = st.tenant_id AND (a.staff_id IS NULL OR a.staff_id = st.id)
      AND a.ends_at > $1 AND a.starts_at < $2
) AS away
WHERE st.tenant_id = current_tenant() AND st.active
ORDER BY st.name
LIMIT 500
