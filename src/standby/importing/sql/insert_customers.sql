-- Adds customers, who have agreed to nothing yet.
INSERT INTO customers (tenant_id, id, name, phone, email, vip, created_at)
SELECT current_tenant(), id, name, phone, email, coalesce(vip, false), $6
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[]) AS given (id, name, phone, email, vip)
