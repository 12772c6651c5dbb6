-- $4 customers from number $3 on, dealt out to $1 lists of $2 to a salon; all agreed to text messages. $5 is the kind of
-- their ids, and their phone numbers begin with $6.
INSERT INTO customers (tenant_id, id, name, phone, channels, created_at)
SELECT pg_temp.bench_id(1, ((n - 1) % $1::bigint) / $2::bigint + 1), pg_temp.bench_id($5, n), 'Customer ' || n,
       $6::text || lpad(n::text, 7, '0'), '{sms}', now()
FROM generate_series($3::bigint, $3::bigint + $4::bigint - 1) n
