-- The salon's own text of a kind in a language, in place of an earlier one.
INSERT INTO texts (tenant_id, kind, language, subject, body, sms, changed_at, changed_by)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, kind, language) DO UPDATE
SET subject = excluded.subject, body = excluded.body, sms = excluded.sms,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by
