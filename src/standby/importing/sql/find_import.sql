-- The salon's import, without what was sent for it.
SELECT id, state, rows_done, rows_total, attempts, told, asked_at FROM imports WHERE tenant_id = current_tenant()
