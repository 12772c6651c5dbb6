-- Whether a token is good for a number, at $3.
SELECT EXISTS (SELECT FROM verifications
               WHERE tenant_id = current_tenant() AND token_hash = $1 AND phone = $2 AND token_expires_at > $3)
