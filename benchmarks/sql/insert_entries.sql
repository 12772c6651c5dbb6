-- $4 waiting entries from number $3 on, for whatever time and staff: the n-th belongs to list (n - 1) % $1 + 1 and to
-- customer n, and joined a millisecond after the one before.
INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, joined_at, reason,
                              actor, changed_at)
SELECT pg_temp.bench_id(1, ((n - 1) % $1::bigint) / $2::bigint + 1), pg_temp.bench_id(7, n), pg_temp.bench_id(4, n),
       pg_temp.bench_id(2, (n - 1) % $1 + 1), now(), '2100-01-01Z', 'waiting',
       now() - interval '5 days' + n * interval '1 ms', 'joined', 'loading', now()
FROM generate_series($3::bigint, $3::bigint + $4::bigint - 1) n
