-- Whether the code asked for by an id ($1) went to this number ($2) and is still good at $3.
SELECT EXISTS (SELECT FROM verifications
               WHERE tenant_id = current_tenant() AND id = $1 AND phone = $2 AND ended_at IS NULL AND expires_at > $3)
