-- Begins a session.
INSERT INTO sessions (id, user_id, token_hash, tenant_id, needs_code, address, agent, created_at, seen_at, idle, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)
