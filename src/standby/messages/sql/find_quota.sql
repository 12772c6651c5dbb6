-- The salon's quota for a channel ($1); locked, so that what is kept of it in a new one is what holds.
SELECT monthly_limit, unit_cost, currency FROM quotas WHERE tenant_id = current_tenant() AND channel = $1 FOR UPDATE
