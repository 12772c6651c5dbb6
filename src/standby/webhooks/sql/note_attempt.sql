-- Notes what became of an attempt, for whoever holds the lease ($2) alone: $3 status, $4 when it is tried again or NULL,
-- $5 status code, $6 answer, $7 error, $8 milliseconds, $9 now. What is answered about somebody who was erased meanwhile is
-- not kept.
UPDATE webhook_deliveries
SET status = $3, next_attempt_at = $4, look_at = $4, lease_until = NULL, status_code = $5,
    answer = CASE WHEN NOT EXISTS (
        SELECT FROM customers c
        WHERE c.tenant_id = current_tenant() AND c.id = (payload #>> '{data,customer_id}')::uuid AND c.erased_at IS NOT NULL
    ) THEN $6 END,
    error = $7, milliseconds = $8, attempted_at = $9
WHERE tenant_id = current_tenant() AND id = $1 AND lease_until = $2
RETURNING id
