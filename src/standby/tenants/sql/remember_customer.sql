-- Adds a customer, or adds to what is known of them; locks the row. new_channels: consented to for the first time.
-- A channel that they have closed stays closed, whoever books for them: they alone open it, with a word of their own about just
-- that channel (messages/consent.py). Only an
-- email address that is new to us was never closed. $8: they gave this themselves, without signing in; then what is known of
-- them stays as it is, and an address that isn't theirs by then is not written to.
WITH known AS (
    SELECT id, channels, email FROM customers WHERE tenant_id = current_tenant() AND phone = $3
), agreed AS (
    SELECT ARRAY(
        SELECT channel FROM unnest($5::text[]) AS channel
        WHERE CASE WHEN channel = 'email' AND $4 IS DISTINCT FROM (SELECT email FROM known)
                   THEN NOT $8 OR (SELECT email FROM known) IS NULL
                   ELSE (SELECT c.granted FROM known
                         JOIN consents c ON c.tenant_id = current_tenant() AND c.customer_id = known.id AND c.channel = channel
                         ORDER BY c.at DESC, c.id DESC LIMIT 1) IS NOT FALSE END) AS channels
), remembered AS (
    INSERT INTO customers AS c (tenant_id, id, name, phone, email, channels, vip, created_at)
    SELECT current_tenant(), $1, $2, $3, $4, agreed.channels, coalesce($6::boolean, false), $7 FROM agreed
    ON CONFLICT (tenant_id, phone) WHERE phone IS NOT NULL DO UPDATE
    SET name = CASE WHEN $8 THEN c.name ELSE excluded.name END,
        email = CASE WHEN $8 THEN coalesce(c.email, excluded.email) ELSE coalesce(excluded.email, c.email) END,
        vip = coalesce($6, c.vip),
        channels = ARRAY(SELECT DISTINCT unnest(c.channels || excluded.channels))
    RETURNING id, vip
)
SELECT remembered.id, remembered.vip,
       ARRAY(SELECT unnest(agreed.channels) FROM agreed EXCEPT SELECT unnest(channels) FROM known) AS new_channels
FROM remembered
