-- The token of the n-th offer is benchmark-n.
INSERT INTO offer_tokens (tenant_id, offer_id, token_hash, lease_id)
SELECT o.tenant_id, o.id, sha256(convert_to('benchmark-' || n, 'UTF8')), o.id
FROM generate_series(1, $1::bigint) n
JOIN offers o ON o.id = pg_temp.bench_id(8, n)
