-- Appointments that began from $1 on and were over by $2, by weekday in time zone $3, and how many of them are no-shows.
-- Cancelled ones are left out; whom nobody has marked has come.
SELECT extract(isodow FROM starts_at AT TIME ZONE $3)::integer AS weekday, count(*) AS ended,
       count(*) FILTER (WHERE status = 'no_show') AS no_shows
FROM bookings
WHERE tenant_id = current_tenant() AND starts_at >= $1 AND starts_at < $2 AND ends_at <= $2 AND status <> 'cancelled'
GROUP BY 1
ORDER BY 1
