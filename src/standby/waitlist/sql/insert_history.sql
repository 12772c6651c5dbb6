-- Adds a line to the history of something whose state did not change.
INSERT INTO history (tenant_id, entity, entity_id, reason, actor, at, details)
VALUES (current_tenant(), $1, $2, $3, $4, $5, $6)
