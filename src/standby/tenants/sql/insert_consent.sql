-- Who agreed to what, when, and where.
INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7)
