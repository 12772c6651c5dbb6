-- A customer's name, and the first of a policy's channels ($2) that they agreed to.
SELECT c.name, (SELECT channel FROM unnest($2::text[]) WITH ORDINALITY AS wanted (channel, place)
                WHERE channel = ANY (c.channels) ORDER BY place LIMIT 1) AS channel
FROM customers c WHERE c.tenant_id = current_tenant() AND c.id = $1
