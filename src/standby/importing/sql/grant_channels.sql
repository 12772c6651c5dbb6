-- Writes down who agreed to which channel, and keeps customers.channels in step.
WITH given AS (
    INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
    SELECT current_tenant(), id, customer_id, channel, true, 'import', 'import', $4
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS given (id, customer_id, channel)
    RETURNING customer_id, channel
)
UPDATE customers c SET channels = c.channels || gained.channels
FROM (SELECT customer_id, array_agg(channel) AS channels FROM given GROUP BY customer_id) AS gained
WHERE c.tenant_id = current_tenant() AND c.id = gained.customer_id
