-- Takes a salon's sender away, and what it was paused for.
WITH unpaused AS (
    DELETE FROM channel_pauses WHERE tenant_id = current_tenant() AND channel = $1
)
DELETE FROM senders WHERE tenant_id = current_tenant() AND channel = $1 RETURNING channel
