-- $1 salons.
INSERT INTO tenants (id, slug, name, timezone, currency, country, created_at)
SELECT pg_temp.bench_id(1, n), 'salon-' || n, 'Salon ' || n, 'Europe/Oslo', 'NOK', 'NO', now()
FROM generate_series(1, $1::bigint) n
