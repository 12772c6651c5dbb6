-- Whether a closure is as this says. $1 closure, $2 staff member (NULL: the whole salon), $3 start, $4 end, $5 reason
SELECT EXISTS (
    SELECT FROM closures
    WHERE tenant_id = current_tenant() AND id = $1 AND staff_id IS NOT DISTINCT FROM $2::uuid
      AND starts_at = $3 AND ends_at = $4 AND reason = $5
)
