-- Each staff member offers one service.
INSERT INTO staff_services (tenant_id, staff_id, service_id)
SELECT pg_temp.bench_id(1, (n - 1) / $2::bigint + 1), pg_temp.bench_id(3, n), pg_temp.bench_id(2, n)
FROM generate_series(1, $1::bigint) n
