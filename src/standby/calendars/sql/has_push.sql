-- Whether a calendar will tell us of changes until then.
SELECT EXISTS (SELECT FROM calendar_pushes WHERE tenant_id = current_tenant() AND link_id = $1 AND resource IS NOT NULL
                                             AND expires_at > $2)
