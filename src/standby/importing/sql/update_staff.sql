-- Says which staff members are active; NULL leaves it as it is.
UPDATE staff s SET active = coalesce(given.active, s.active)
FROM unnest($1::uuid[], $2::boolean[]) AS given (id, active)
WHERE s.tenant_id = current_tenant() AND s.id = given.id
