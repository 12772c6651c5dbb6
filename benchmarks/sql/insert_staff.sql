-- One for each of $1 services, $2 of them to a salon, so that their slots can't overlap.
INSERT INTO staff (tenant_id, id, name, created_at)
SELECT pg_temp.bench_id(1, (n - 1) / $2::bigint + 1), pg_temp.bench_id(3, n), 'Staff ' || n, now()
FROM generate_series(1, $1::bigint) n
