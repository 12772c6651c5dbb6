-- $1 waiting entries for list $2, one of a salon, who are anybody: every tenth a VIP, one in fifty with a priority by
-- hand, a third who want the list's staff member, with windows, weekdays and times of day at random, joined within the
-- last half year. Customers from number $3 on.
WITH customer AS (
    INSERT INTO customers (tenant_id, id, name, phone, channels, vip, created_at)
    SELECT pg_temp.bench_id(1, $2::bigint), pg_temp.bench_id(4, n), 'Customer ' || n, '+474' || lpad(n::text, 7, '0'),
           '{sms}', n % 10 = 0, now()
    FROM generate_series($3::bigint, $3::bigint + $1::bigint - 1) n
    RETURNING tenant_id, id, vip
), drawn AS (
    SELECT tenant_id, id, vip, row_number() OVER () + $3 - 1 AS n, random() AS wish, random() AS priority,
           timestamptz '2030-01-01Z' + random() * 20 * interval '1 day' AS earliest,
           (1 + floor(random() * 40)) * interval '1 day' AS long, floor(random() * 3)::integer AS days,
           floor(random() * 3)::integer AS hours
    FROM customer
)
INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays, from_minute,
                              until_minute, vip, priority_override, status, joined_at, reason, actor, changed_at)
SELECT tenant_id, pg_temp.bench_id(7, n), id, pg_temp.bench_id(2, $2), CASE WHEN wish < 0.33 THEN
           pg_temp.bench_id(3, $2) END,
       earliest, earliest + long, (ARRAY['{1,2,3,4,5}', '{6,7}', '{1,2,3,4,5,6,7}'])[days + 1]::smallint[],
       (ARRAY[0, 540, 960])[hours + 1], (ARRAY[1440, 1020, 1320])[hours + 1], vip,
       CASE WHEN priority < 0.02 THEN floor(priority * 50000)::integer END, 'waiting',
       now() - random() * interval '180 days', 'joined', 'loading', now()
FROM drawn
