-- The times of staff that nobody else can have.
SELECT staff_id, starts_at, ends_at FROM slots
WHERE tenant_id = current_tenant() AND status IN ('held', 'booked')
