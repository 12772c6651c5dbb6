-- Forgets the opening hours of these weekdays.
DELETE FROM business_hours WHERE tenant_id = current_tenant() AND weekday = ANY ($1::smallint[])
