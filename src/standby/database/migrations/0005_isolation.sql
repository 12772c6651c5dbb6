-- Tenant isolation: what each role may see and do
-- depends: 0004_messages

-- migrate: apply

-- standby_app     serves one tenant at a time; row level security shows it that tenant's rows only
-- standby_worker  runs the queue and the timers; it has no right on a tenant's table but through named functions
-- standby_system  owns those functions and is nobody's login; its policy lets them cross tenants

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['staff', 'services', 'staff_services', 'business_hours', 'closures', 'customers',
        'consents', 'policies', 'rate_limits', 'history', 'slots', 'bookings', 'waitlist_entries', 'offers',
        'messages', 'offer_tokens', 'message_events'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant())', tbl);
        EXECUTE format('CREATE POLICY system ON %I TO standby_system USING (true)', tbl);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO standby_app, standby_system', tbl);
    END LOOP;
END $$;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants USING (id = current_tenant());
CREATE POLICY system ON tenants TO standby_system USING (true);
GRANT SELECT, INSERT, UPDATE ON tenants TO standby_app, standby_system;
GRANT SELECT ON transitions TO standby_app, standby_system;

-- Append-only: what happened stays as it was told.
REVOKE UPDATE, DELETE ON history, consents, message_events FROM standby_app, standby_system;
REVOKE DELETE ON slots, bookings, waitlist_entries, offers, messages FROM standby_app, standby_system;
REVOKE INSERT, UPDATE, DELETE ON offer_tokens FROM standby_app;  -- Links are made where messages are sent.

GRANT USAGE ON SCHEMA standby TO standby_app, standby_worker, standby_system;
GRANT CREATE ON SCHEMA standby TO standby_system;

-- The trigger writes history for whoever changes a state, the worker's functions included.
ALTER FUNCTION record_change OWNER TO standby_system;

-- migrate: rollback
DROP POLICY tenant ON tenants;
