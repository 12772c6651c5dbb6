-- Who offers a service ($2: only this one, or NULL), their own week, and when from $3 to $4 they are away or have a held or
-- booked slot (but for the slot $5); moments in seconds since 1970. No slot begins more than 28 hours before it ends.
-- The salon's slots of that time are read once, and not for each of its staff.
WITH taken AS MATERIALIZED (
    SELECT s.staff_id, array_agg(extract(epoch FROM coalesce(s.blocked_from, s.starts_at))::float8) AS begins,
           array_agg(extract(epoch FROM coalesce(s.blocked_until, s.ends_at))::float8) AS ends
    FROM slots s
    WHERE s.tenant_id = current_tenant() AND ($2::uuid IS NULL OR s.staff_id = $2) AND s.status IN ('held', 'booked')
      AND s.starts_at > $3::timestamptz - interval '28 hours' AND s.starts_at < $4::timestamptz
      AND s.id IS DISTINCT FROM $5
    GROUP BY s.staff_id
)
SELECT st.id,
       (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.opens_minute, h.closes_minute))
        FROM staff_hours h WHERE h.tenant_id = st.tenant_id AND h.staff_id = st.id) AS hours,
       away.begins AS away_from, away.ends AS away_until, taken.begins AS taken_from, taken.ends AS taken_until
FROM staff_services can
JOIN staff st ON st.tenant_id = can.tenant_id AND st.id = can.staff_id AND st.active
LEFT JOIN taken ON taken.staff_id = st.id
CROSS JOIN LATERAL (
    SELECT array_agg(extract(epoch FROM a.starts_at)::float8) AS begins,
           array_agg(extract(epoch FROM a.ends_at)::float8) AS ends
    FROM absences a
    WHERE a.tenant_id = st.tenant_id AND (a.staff_id IS NULL OR a.staff_id = st.id)
      AND a.ends_at > $3 AND a.starts_at < $4
) AS away
WHERE can.tenant_id = current_tenant() AND can.service_id = $1 AND ($2 IS NULL OR can.staff_id = $2)
ORDER BY st.name
