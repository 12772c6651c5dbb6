-- A new salon. The transaction must work for the very id that is inserted.
INSERT INTO tenants (id, slug, name, timezone, locale, currency, country, accent, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
