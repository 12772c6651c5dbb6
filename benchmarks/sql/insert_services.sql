-- $1 waiting lists, $2 of them to a salon; a list is a service.
INSERT INTO services (tenant_id, id, name, duration_minutes, price, created_at)
SELECT pg_temp.bench_id(1, (n - 1) / $2::bigint + 1), pg_temp.bench_id(2, n), 'Service ' || n, 30, 250 + 50 * (n % 7), now()
FROM generate_series(1, $1::bigint) n
