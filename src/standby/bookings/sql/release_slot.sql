-- Lets go of the slot of a booking that is about to get another one.
UPDATE slots SET status = 'cancelled', reason = 'booking_moved', actor = $2, changed_at = $3
WHERE tenant_id = current_tenant() AND id = $1
