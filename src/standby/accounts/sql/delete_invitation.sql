-- Takes an invitation back, or notes that it was taken. No row: there is none.
DELETE FROM invitations WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
