-- $3 slots in state $4 (booked or open): the n-th belongs to list (n - 1) % $1 + 1, half an hour after the one before
-- it in that list.
INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                   created_at)
SELECT pg_temp.bench_id(1, ((n - 1) % $1::bigint) / $2::bigint + 1), pg_temp.bench_id(5, n),
       pg_temp.bench_id(3, (n - 1) % $1 + 1), pg_temp.bench_id(2, (n - 1) % $1 + 1),
       timestamptz '2030-01-01 08:00Z' + (n - 1) / $1 * interval '30 min',
       timestamptz '2030-01-01 08:30Z' + (n - 1) / $1 * interval '30 min', $4, 'created', 'loading', now(), now()
FROM generate_series(1, $3::bigint) n
