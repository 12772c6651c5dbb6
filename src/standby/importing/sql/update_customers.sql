-- Changes customers; NULL leaves what is known.
UPDATE customers c
SET name = given.name, phone = coalesce(given.phone, c.phone), email = coalesce(given.email, c.email),
    vip = coalesce(given.vip, c.vip)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[]) AS given (id, name, phone, email, vip)
WHERE c.tenant_id = current_tenant() AND c.id = given.id
