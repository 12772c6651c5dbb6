-- Takes a member's place in the salon away; their account stays.
DELETE FROM memberships WHERE tenant_id = current_tenant() AND user_id = $1
