-- Somebody goes to a provider, to allow us a calendar of a staff member.
INSERT INTO calendar_requests (tenant_id, state_hash, staff_id, address, secrets, expires_at)
VALUES (current_tenant(), $1, $2, $3, $4, $5)
