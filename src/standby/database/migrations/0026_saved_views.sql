-- The salon's waitlist as a page: an index for its order, and the views of it that a salon keeps
-- depends: 0025_customers_pages

-- migrate: apply

-- All that are on the list, whatever they wait for, by score (list_by_score.sql), with what they are counted, filtered and
-- otherwise ordered by, so that nothing has to be read of those who are passed by.
CREATE INDEX waitlist_entries_active ON waitlist_entries (tenant_id, tier, override_rank DESC, joined_at, id)
    INCLUDE (status, service_id, staff_wish, customer_id, latest)
    WHERE ended_at IS NULL;

-- Filters of the waitlist under a name, for everybody in the salon. What somebody searched for is no part of it: a name
-- of a customer would outlive their data.
CREATE TABLE saved_views (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    filters     jsonb NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_views FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON saved_views USING (tenant_id = current_tenant());
CREATE POLICY system ON saved_views TO standby_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO standby_app, standby_system;
ALTER TABLE saved_views ALTER COLUMN tenant_id SET STATISTICS 0;  -- See 0006.

-- migrate: rollback
DROP TABLE saved_views;
DROP INDEX waitlist_entries_active;
