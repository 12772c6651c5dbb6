-- The customer says that they come. No row: they have said so of this time already.
UPDATE bookings SET customer_confirmed_at = $2
WHERE tenant_id = current_tenant() AND id = $1 AND customer_confirmed_at IS NULL
RETURNING id
