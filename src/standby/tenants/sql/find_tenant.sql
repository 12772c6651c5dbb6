-- The salon that this transaction works for.
SELECT id, slug, name, timezone, locale, currency, country, accent FROM tenants WHERE id = current_tenant()
