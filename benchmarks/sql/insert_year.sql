-- A year of appointments of half an hour, from day $3 on, for $1 staff members of the first salon: $2 on each weekday, one
-- after the other but for an hour at noon. All of one customer.
WITH slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at)
    SELECT pg_temp.bench_id(1, 1), gen_random_uuid(), pg_temp.bench_id(3, person), pg_temp.bench_id(2, person), starts_at,
           starts_at + interval '30 min', 'booked', 'created', 'loading', now(), now()
    FROM generate_series(1, $1::bigint) person
    CROSS JOIN generate_series(0, 364) nth
    CROSS JOIN LATERAL (SELECT ($3::date + nth + time '08:00') AT TIME ZONE 'UTC') AS on_day (day)
    CROSS JOIN generate_series(0, $2::bigint - 1) number
    CROSS JOIN LATERAL (SELECT day + (number + CASE WHEN number < $2 / 2 THEN 0 ELSE 2 END) * interval '30 min') AS at (starts_at)
    WHERE extract(isodow FROM day) < 6
    RETURNING tenant_id, id, staff_id, service_id, starts_at, ends_at
)
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at)
SELECT tenant_id, gen_random_uuid(), id, pg_temp.bench_id(11, 1), staff_id, service_id, starts_at, ends_at, 'confirmed',
       'direct', 'booked', 'loading', now(), now()
FROM slot
