-- When the times of fills.sql begin: how many on which weekday (ISO: Monday is 1) and in which hour, in time zone $3, and how
-- many of them were booked through an offer.
WITH opened AS (
    SELECT h.entity_id AS slot_id
    FROM history h
    WHERE h.tenant_id = current_tenant() AND h.entity = 'slot' AND h.from_state IS NULL AND h.to_state = 'open'
      AND h.at >= $1 AND h.at < $2
)
SELECT extract(isodow FROM s.starts_at AT TIME ZONE $3)::integer AS weekday,
       extract(hour FROM s.starts_at AT TIME ZONE $3)::integer AS hour, count(*) AS opened, count(o.id) AS filled
FROM opened
JOIN slots s ON s.tenant_id = current_tenant() AND s.id = opened.slot_id
LEFT JOIN offers o ON o.tenant_id = s.tenant_id AND o.slot_id = s.id AND o.status = 'accepted'
GROUP BY 1, 2
ORDER BY 1, 2
