-- Ends a feed: nobody reads at its address any more. No row: there is none with this id.
DELETE FROM calendar_feeds WHERE tenant_id = current_tenant() AND id = $1 RETURNING id
