-- One confirmed booking for each of the first $3 slots, by the customer of the same number and of kind $4.
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at)
SELECT s.tenant_id, pg_temp.bench_id(6, n), s.id, pg_temp.bench_id($4, n), s.staff_id, s.service_id, s.starts_at,
       s.ends_at, 'confirmed', 'direct', 'booked', 'loading', now(), now()
FROM generate_series(1, $3::bigint) n
JOIN slots s ON s.id = pg_temp.bench_id(5, n)
            AND s.tenant_id = pg_temp.bench_id(1, ((n - 1) % $1::bigint) / $2::bigint + 1)
