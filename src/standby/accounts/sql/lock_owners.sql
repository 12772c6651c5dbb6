-- The salon's owners, until the transaction's end: who removes one waits for who removes another.
SELECT user_id FROM memberships WHERE tenant_id = current_tenant() AND role = 'owner' ORDER BY user_id FOR UPDATE
