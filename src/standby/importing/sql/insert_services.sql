-- Adds services.
INSERT INTO services (tenant_id, id, name, duration_minutes, price, active, created_at)
SELECT current_tenant(), id, name, duration, price, coalesce(active, true), $6
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::numeric[], $5::boolean[])
     AS given (id, name, duration, price, active)
