-- Changes the columns of a service that $2 names. No row: there is no such service.
UPDATE services
SET name = CASE WHEN $2::jsonb ? 'name' THEN $2->>'name' ELSE name END,
    duration_minutes = CASE WHEN $2 ? 'duration_minutes' THEN ($2->>'duration_minutes')::integer ELSE duration_minutes END,
    price = CASE WHEN $2 ? 'price' THEN ($2->>'price')::numeric ELSE price END,
    buffer_before_minutes = CASE WHEN $2 ? 'buffer_before_minutes' THEN ($2->>'buffer_before_minutes')::smallint
                                 ELSE buffer_before_minutes END,
    buffer_after_minutes = CASE WHEN $2 ? 'buffer_after_minutes' THEN ($2->>'buffer_after_minutes')::smallint
                                ELSE buffer_after_minutes END,
    active = CASE WHEN $2 ? 'active' THEN ($2->>'active')::boolean ELSE active END
WHERE tenant_id = current_tenant() AND id = $1
RETURNING id
