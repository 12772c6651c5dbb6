-- Those who have not come back in time won't.
DELETE FROM calendar_requests WHERE tenant_id = current_tenant() AND expires_at <= $1
