-- The customer says that they come. No row: they have said so of this time already, or it is not confirmed.
UPDATE bookings SET customer_confirmed_at = $2
WHERE tenant_id = current_tenant() AND id = $1 AND customer_confirmed_at IS NULL AND status = 'confirmed'
RETURNING id
