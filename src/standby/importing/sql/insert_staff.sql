-- Adds staff members.
INSERT INTO staff (tenant_id, id, name, active, created_at)
SELECT current_tenant(), id, name, coalesce(active, true), $4
FROM unnest($1::uuid[], $2::text[], $3::boolean[]) AS given (id, name, active)
