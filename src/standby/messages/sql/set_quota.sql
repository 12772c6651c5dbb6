-- Sets how much the salon may send by a channel each month, and what it costs.
INSERT INTO quotas (tenant_id, channel, monthly_limit, unit_cost, currency)
VALUES (current_tenant(), $1, $2, $3, $4)
ON CONFLICT (tenant_id, channel) DO UPDATE
SET monthly_limit = excluded.monthly_limit, unit_cost = excluded.unit_cost, currency = excluded.currency
