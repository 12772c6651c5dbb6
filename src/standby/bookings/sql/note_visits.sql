-- Writes down what was counted ($2 to $8) and takes out what is no visit any more ($9): $1 customer.
WITH gone AS (
    DELETE FROM counted_visits WHERE tenant_id = current_tenant() AND customer_id = $1 AND booking_id = ANY ($9::uuid[])
)
INSERT INTO counted_visits AS v (tenant_id, customer_id, booking_id, service_id, staff_id, starts_at, weekday, hour,
                                 weight)
SELECT current_tenant(), $1, given.*
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::smallint[], $7::smallint[], $8::numeric[]) AS given
ON CONFLICT (tenant_id, customer_id, booking_id) DO UPDATE
SET service_id = excluded.service_id, staff_id = excluded.staff_id, starts_at = excluded.starts_at,
    weekday = excluded.weekday, hour = excluded.hour, weight = excluded.weight
