-- The slot that opened when customer $1 was moved at $2, away from staff member $3 and moment $4. No row: none did.
SELECT id FROM slots
WHERE tenant_id = current_tenant() AND freed_by_customer_id = $1 AND created_at = $2 AND staff_id = $3 AND starts_at = $4
