-- Changes services; NULL leaves a price or the activity as it is.
UPDATE services s
SET duration_minutes = given.duration, price = coalesce(given.price, s.price),
    active = coalesce(given.active, s.active)
FROM unnest($1::uuid[], $2::integer[], $3::numeric[], $4::boolean[]) AS given (id, duration, price, active)
WHERE s.tenant_id = current_tenant() AND s.id = given.id
