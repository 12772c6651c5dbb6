-- Gives these offers deadlines of their own.
WITH deadline AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS given (offer_id, at)
), moved AS (
    UPDATE offers o SET expires_at = at, remind_at = NULL FROM deadline WHERE o.id = offer_id
    RETURNING o.tenant_id, o.slot_id, o.expires_at
)
UPDATE slots s SET hold_expires_at = moved.expires_at
FROM moved WHERE s.tenant_id = moved.tenant_id AND s.id = moved.slot_id
