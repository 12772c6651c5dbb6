-- Says what became of confirmed bookings; with a cancelled one ends its slot.
WITH ended AS (
    UPDATE bookings b
    SET status = given.status, sequence = b.sequence + (given.status = 'cancelled')::integer,
        cancelled_by = CASE WHEN given.status = 'cancelled' THEN 'salon' END, reason = 'import', actor = 'import', changed_at = $3,
        cancelled_at = CASE WHEN given.status = 'cancelled' THEN least(b.starts_at, $3::timestamptz) END
    FROM unnest($1::uuid[], $2::text[]) AS given (id, status)
    WHERE b.tenant_id = current_tenant() AND b.id = given.id AND b.status = 'confirmed'
    RETURNING b.slot_id, b.status
)
UPDATE slots s SET status = 'cancelled', reason = 'import', actor = 'import', changed_at = $3
FROM ended
WHERE s.tenant_id = current_tenant() AND s.id = ended.slot_id AND ended.status = 'cancelled'
