-- Adds bookings, each with the slot that it takes. The constraints on both refuse a time that is taken.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[],
                         $7::timestamptz[])
                  AS given (id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at)
), slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at)
    SELECT current_tenant(), slot_id, staff_id, service_id, starts_at, ends_at, 'booked', 'import', 'import', $8, $8
    FROM given
)
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at)
SELECT current_tenant(), id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, 'confirmed', 'import',
       'import', 'import', $8, $8
FROM given
