-- Adds a customer, or adds to what is known of them; locks the row. new_channels: consented to for the first time.
WITH known AS (
    SELECT channels FROM customers WHERE tenant_id = current_tenant() AND phone = $3
), remembered AS (
    INSERT INTO customers AS c (tenant_id, id, name, phone, email, channels, vip, created_at)
    VALUES (current_tenant(), $1, $2, $3, $4, $5::text[], coalesce($6::boolean, false), $7)
    ON CONFLICT (tenant_id, phone) WHERE phone IS NOT NULL DO UPDATE
    SET name = excluded.name, email = coalesce(excluded.email, c.email), vip = coalesce($6, c.vip),
        channels = ARRAY(SELECT DISTINCT unnest(c.channels || excluded.channels))
    RETURNING id, vip
)
SELECT remembered.id, remembered.vip,
       ARRAY(SELECT unnest($5::text[]) EXCEPT SELECT unnest(channels) FROM known) AS new_channels
FROM remembered
