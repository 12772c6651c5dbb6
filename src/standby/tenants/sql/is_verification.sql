-- Whether a code was asked for by this id.
SELECT EXISTS (SELECT FROM verifications WHERE tenant_id = current_tenant() AND id = $1)
