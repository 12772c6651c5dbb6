-- Takes one of the tries ($2: how many there are) of a code that is still good at $3; the last one ends it. Tries at the same
-- time wait for each other's row. No row: there is no try left, or no such code any more, or it was not sent yet.
UPDATE verifications SET tries = tries + 1, ended_at = CASE WHEN tries + 1 = $2 THEN $3::timestamptz END
WHERE tenant_id = current_tenant() AND id = $1 AND ended_at IS NULL AND expires_at > $3 AND tries < $2
  AND code_hash IS NOT NULL
RETURNING code_hash, tries, phone
