-- Forgets the week's opening hours.
DELETE FROM business_hours WHERE tenant_id = current_tenant()
