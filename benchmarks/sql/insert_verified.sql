-- $1 customers have shown salon $2 that their number is theirs; the n-th has the token verified-n.
INSERT INTO verifications (tenant_id, id, phone, purpose, created_at, expires_at, ended_at, token_hash, token_expires_at)
SELECT $2, gen_random_uuid(), '+479' || lpad(n::text, 7, '0'), 'booking', now(), now() + interval '10 min', now(),
       sha256(convert_to('verified-' || n, 'UTF8')), now() + interval '1 day'
FROM generate_series(1, $1::bigint) n
