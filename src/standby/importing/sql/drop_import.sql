-- Forgets an import. One that runs finds nothing to end, so what it wrote is rolled back.
DELETE FROM imports WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
